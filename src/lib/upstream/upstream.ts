import { BRANCHES, fillBase } from '../catalog/catalog.ts';
import type { Branch } from '../catalog/family.ts';
import type { Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import { SILENT, type Telemetry } from '../domain/telemetry.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Settings } from './ask.ts';
import { createBases } from './bases.ts';
import { type Call, withTargetValues } from './call-url.ts';
import { type Content, download } from './download.ts';
import type { Health } from './exchange.ts';
import type { Progress } from './long-running.ts';
import type { Pace } from './pace.ts';
import type { Page } from './paging.ts';
import { createPipelines, type PipelineOptions } from './pipelines.ts';
import { poll } from './poll.ts';
import { readPage } from './read-page.ts';
import { type PlacedCall, send } from './send.ts';

export type { Call } from './call-url.ts';
export { type Content, DownloadBroken } from './download.ts';
export type { Progress } from './long-running.ts';
export { cursorWithin } from './offset.ts';
export type { Page } from './paging.ts';

/** All that the app asks of the services upstream. Verdicts for whatever upstream does; exceptions for defects of ours only. */
export interface Upstream {
  /**
   * One documented call whose answer is JSON, or empty (`value` is undefined then). What the target registers (its account, its
   * workspace) need not stand in the call's parameters. A 202 to a long-running operation has a `pollUrl`, where upstream named one.
   */
  send(target: Target, call: Call): Promise<Verdict<unknown>>;
  /** One page of a list; `cursor` is the `next` of the page before. That a list ends with an empty page is believed when it was said twice. */
  page(target: Target, call: Call, cursor?: string): Promise<Verdict<Page>>;
  /** What has become of what a 202 has begun; `url` is its `pollUrl`. While it runs, `pollAfter` says when to ask again. */
  poll(target: Target, url: string): Promise<Verdict<Progress>>;
  /** The bytes behind a link in an answer, asked for without any secret of ours and only on the hosts that the target lists. */
  download(target: Target, link: string): Promise<Verdict<Content>>;
}

export interface UpstreamOptions extends PipelineOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  /** Longest time for one answer, and for a piece of a download to arrive. */
  readonly callSeconds?: number;
  /** Short tries again within one call. */
  readonly retries?: number;
  readonly answerLimitBytes?: number;
  readonly health?: Health;
  /** Silent without. */
  readonly telemetry?: Telemetry;
}

/** @throws Error when the gateway isn't on loopback. */
export function createUpstream(dependencies: UpstreamOptions): Upstream {
  const settings: Settings & UpstreamOptions = {
    callSeconds: 60,
    retries: 3,
    branches: BRANCHES,
    telemetry: SILENT,
    ...dependencies,
    pipelines: createPipelines(dependencies),
  };
  const place = placing(settings);
  return {
    send: async (target, call) => send(settings, await place(target, call)),
    page: async (target, call, cursor) => readPage(settings, await place(target, call), cursor),
    poll: (target, url) => poll(settings, target, url),
    download: (target, link) => download(settings, target, link),
  };
}

/** Puts calls where they belong: the base URL of their operation, and the values that the target itself gives. */
function placing(settings: Settings): (target: Target, call: Call) => Promise<PlacedCall> {
  const baseOf = createBases({
    clock: settings.clock,
    branches: settings.branches,
    read: (target, branch, operation) => {
      const call = withTargetValues(branch, target, { operation, parameters: {} });
      // Without it the pattern will do: nobody waits for several tries.
      return send({ ...settings, retries: 0 }, { target, call, base: fillBase(branch, operation, target) });
    },
  });
  return async (target, call) => {
    const branch = branchFor(settings.branches, target);
    const base = await baseOf(target, branch, call.operation);
    return { target, call: withTargetValues(branch, target, call), base };
  };
}

function branchFor(branches: readonly Branch[], target: Target): Branch {
  const branch = branches.find((candidate) => candidate.target === target.kind);
  if (!branch) throw new Error(`No branch of the catalogue has targets of kind ${target.kind}.`);
  return branch;
}
