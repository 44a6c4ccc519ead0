import { atLeast, atMost, figure } from '../report/outcome.ts';
import { startStage } from '../stage/stage.ts';
import { visionTarget } from '../stage/targets.ts';
import { decided } from './erase.ts';
import { imageWorld } from './image-world.ts';
import type { Row } from './row.ts';

const IMAGES = 25_000;
/** Custom Vision: token bucket of 10 calls a second with a burst of 10 (contracts/endpoints.md, tC). */
const QUOTA = { perSecond: 10, burst: 10 } as const;
/** Calls of the sign-in and to the storage behind links aren't of the quota. */
const FREE: readonly string[] = ['GetBlob', 'IssueToken'];

export const quota: Row = {
  name: 'quota',
  what: 'Delete of images by their ids, with inventory and proof, under a quota of 10 calls a second',
  async measure(bench) {
    const images = bench.size(IMAGES);
    const stage = await startStage({
      world: imageWorld('quota', images, 100),
      targets: [visionTarget('quota', QUOTA)],
      rateLimit: true,
      entry: bench.bundle,
      log: bench.log,
    });
    try {
      const { log, planSeconds, eraseSeconds, erased } = await decided(stage, 'each');
      if (erased !== images) throw new Error(`${erased} of ${images} images were erased.`);
      const calls = log.filter(({ operation }) => !FREE.includes(operation));
      const refused = calls.filter(({ status }) => status === 429).length;
      const times = calls.map(({ at }) => at);
      const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
      const share = calls.length / (seconds * QUOTA.perSecond + QUOTA.burst);
      return {
        size: `${images} images`,
        rounds: 1,
        figures: [
          figure('calls', calls.length),
          figure('from the first call to the last', seconds, 's'),
          figure('inventory', planSeconds, 's'),
          figure('erasure and proof', eraseSeconds, 's'),
          figure('longest time without a call', longestPause(times), 's'),
          figure('seconds without any call', secondsWithout(times), 's'),
        ],
        goals: [atLeast('share of the quota', share, 0.95), atMost('calls answered 429', refused, 0)],
      };
    } finally {
      await stage.stop();
    }
  },
};

const gaps = (times: readonly number[]): number[] =>
  times.toSorted((a, b) => a - b).map((at, index, sorted) => (at - (sorted[index - 1] ?? at)) / 1000);

const longestPause = (times: readonly number[]): number => Math.max(...gaps(times));

/** What all pauses of more than half a second come to: the quota then went unused. */
const secondsWithout = (times: readonly number[]): number =>
  gaps(times)
    .filter((gap) => gap > 0.5)
    .reduce((sum, gap) => sum + gap, 0);
