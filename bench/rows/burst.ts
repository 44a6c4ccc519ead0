import { inLanes } from '../reference/lanes.ts';
import { figure } from '../report/outcome.ts';
import { completed, submission } from '../stage/requests.ts';
import { type Stage, startStage } from '../stage/stage.ts';
import { median, quantile } from '../stage/statistics.ts';
import { modelManagementTarget, PLACE } from '../stage/targets.ts';
import type { Row } from './row.ts';

/** The 1,000 with `--scale 5`: each request is some orchestrations and slices, so they take minutes on two cores. */
const REQUESTS = 200;
const TARGETS = ['north', 'east', 'south', 'west'] as const;
/** Requests that are looked at at the same time. */
const LOOKS = 4;

interface Submitted {
  readonly target: string;
  readonly requestId: string;
  readonly acceptMilliseconds: number;
}

export const burst: Row = {
  name: 'burst',
  what: 'Requests submitted at once: how soon each is accepted, and whether one target waits for another',
  async measure(bench) {
    const count = bench.size(REQUESTS);
    const sizes = { models: 0, manifests: 0, images: 4, services: 0 };
    const stage = await startStage({
      world: { resources: [], modelManagement: TARGETS.map((name) => ({ ...PLACE, name, ...sizes })) },
      targets: TARGETS.map((name) => modelManagementTarget(name)),
      entry: bench.bundle,
      log: bench.log,
    });
    try {
      const began = Date.now();
      const wanted = Array.from({ length: count }, (_, index) => TARGETS[index % TARGETS.length] ?? 'north');
      const submitted = await Promise.all(wanted.map((target) => submit(stage, target)));
      bench.say(`${count} requests accepted after ${((Date.now() - began) / 1000).toFixed(1)} s`);
      const ended = await endTimes(stage, submitted);
      const accepts = submitted.map(({ acceptMilliseconds }) => acceptMilliseconds);
      const waits = TARGETS.map((target) =>
        median(ended.filter((one) => one.target === target).map(({ at }) => (at - began) / 1000)),
      );
      const last = (Math.max(...ended.map(({ at }) => at)) - began) / 1000;
      return {
        size: `${count} requests, four targets`,
        rounds: 1,
        figures: [
          figure('accepted, p50', quantile(accepts, 0.5), 'ms'),
          figure('accepted, p99', quantile(accepts, 0.99), 'ms'),
          figure('all completed after', last, 's'),
          figure('requests a second', count / last, '1/s'),
          figure('slowest target against the fastest, median time', Math.max(...waits) / Math.min(...waits)),
        ],
        goals: [],
      };
    } finally {
      await stage.stop();
    }
  },
};

async function submit(stage: Stage, target: string): Promise<Submitted> {
  const began = performance.now();
  const { requestId } = await stage.portal.submit(submission({ targets: [target], families: ['mm-images'] }));
  return { target, requestId, acceptMilliseconds: performance.now() - began };
}

async function endTimes(stage: Stage, submitted: readonly Submitted[]) {
  const ended: { target: string; at: number }[] = [];
  await inLanes(submitted, LOOKS, async ({ target, requestId }) => {
    const { stateSince } = await completed(stage, requestId);
    ended.push({ target, at: Date.parse(stateSince) });
  });
  return ended;
}
