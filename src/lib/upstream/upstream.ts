import { verbOf } from '../catalog/operation.ts';
import type { Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../plan/verdict.ts';
import { withAttempts } from './attempts.ts';
import { type Call, callUrl } from './call-url.ts';
import { type Content, download } from './download.ts';
import { exchange } from './exchange.ts';
import { verdictOfError } from './failure.ts';
import type { Pace } from './pace.ts';
import { type Page, pageOf, pagingQuery } from './paging.ts';
import { createPipelines, type PipelineOptions } from './pipelines.ts';

export type { Call } from './call-url.ts';
export { type Content, DownloadBroken } from './download.ts';
export type { Page } from './paging.ts';

/** All that the app asks of the services upstream. Verdicts for whatever upstream does; exceptions for defects of ours only. */
export interface Upstream {
  /** One documented call whose answer is JSON, or empty (`value` is undefined then). */
  send(target: Target, call: Call): Promise<Verdict<unknown>>;
  /** One page of a list; `cursor` is the `next` of the page before. That a page is empty is believed when it was said twice. */
  page(target: Target, call: Call, cursor?: string): Promise<Verdict<Page>>;
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
}

/** @throws Error when the gateway isn't on loopback. */
export function createUpstream(dependencies: UpstreamOptions): Upstream {
  const settings = { callSeconds: 60, retries: 3, ...dependencies, pipelines: createPipelines(dependencies) };
  const ask = <T>(target: Target, call: Call, reading: Reading<T>): Promise<Verdict<T>> => {
    const outgoing = { target, call, url: callUrl(target, call, reading.query) };
    return withAttempts(settings, verbOf(call.operation.route), async () => {
      const verdict = await exchange(settings, outgoing);
      if (verdict.kind !== 'ok') return verdict;
      try {
        return { kind: 'ok', value: reading.parse(verdict.value) };
      } catch (error) {
        return verdictOfError(error, call.operation.operation, settings.clock.now());
      }
    });
  };
  return {
    send: (target, call) => ask(target, call, { query: {}, parse: (value) => value }),
    page: async (target, call, cursor) => {
      const { paging } = call.operation;
      const query = pagingQuery(paging, cursor);
      const askPage = () => ask(target, call, { query, parse: (value) => pageOf(value, paging, cursor) });
      const verdict = await askPage();
      // An empty page ends a walk, or proves a deletion: a passing mistake there would go unseen.
      return verdict.kind === 'ok' && verdict.value.items.length === 0 ? askPage() : verdict;
    },
    download: (target, link) => download(settings, target, link),
  };
}

interface Reading<T> {
  readonly query: Record<string, string>;
  readonly parse: (value: unknown) => T;
}
