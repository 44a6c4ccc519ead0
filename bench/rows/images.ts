import { runStraightLine } from '../reference/run-straight-line.ts';
import { atLeast, figure } from '../report/outcome.ts';
import { fulfil } from '../stage/requests.ts';
import { type Stage, startStage } from '../stage/stage.ts';
import { median } from '../stage/statistics.ts';
import { visionTarget } from '../stage/targets.ts';
import { imageWorld } from './image-world.ts';
import type { Row } from './row.ts';

const ROUNDS = 3;
const IMAGES = 2000;
const IMAGE_BYTES = 200_000;
const MEGABYTE = 1e6;
/** Two lists (tagged, untagged) are walked by one slice, which downloads this many at a time: DSR_SLICE_DOWNLOADS. */
const DOWNLOADS = 6;

export const images: Row = {
  name: 'images',
  what: 'Export of images of 200 kB, POST to completed with its package',
  async measure(bench) {
    const count = bench.size(IMAGES);
    const stage = await startStage({
      world: imageWorld('images', count, IMAGE_BYTES),
      targets: [visionTarget('images')],
      entry: bench.bundle,
      log: bench.log,
    });
    const rates: { ours: number; straight: number; ourWork: number; straightWork: number }[] = [];
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const rate = await oneRound(stage, count, round);
        bench.say(`round ${round}: ${rate.ours.toFixed(1)} MB/s, straight line ${rate.straight.toFixed(1)} MB/s`);
        rates.push(rate);
      }
    } finally {
      await stage.stop();
    }
    const middle = (of: (rate: (typeof rates)[number]) => number) => median(rates.map(of));
    return {
      size: `${count} images`,
      rounds: ROUNDS,
      figures: [
        figure(
          'export with package',
          middle(({ ours }) => ours),
          'MB/s',
        ),
        figure(
          'straight line',
          middle(({ straight }) => straight),
          'MB/s',
        ),
        figure(
          'reading and saving alone',
          middle(({ ourWork }) => ourWork),
          'MB/s',
        ),
        figure(
          'straight line, reading and saving alone',
          middle(({ straightWork }) => straightWork),
          'MB/s',
        ),
      ],
      goals: [atLeast('straight line ×', middle(({ ours }) => ours) / middle(({ straight }) => straight), 0.95)],
    };
  },
};

async function oneRound(stage: Stage, count: number, round: number) {
  const { total } = await stage.upstream.callsSince(Number.MAX_SAFE_INTEGER);
  const ours = await fulfil(stage, { families: ['cv-images'] });
  const { bytes, saved } = ours.view.totals;
  if (saved < count) throw new Error(`${saved} of ${count} images were saved.`);
  const { calls } = await stage.upstream.callsSince(total);
  const order = { calls, concurrency: DOWNLOADS, container: `straight-line-${round}`, package: true };
  const straight = await runStraightLine(stage, order);
  return {
    ours: bytes / MEGABYTE / ours.seconds,
    straight: bytes / MEGABYTE / straight.seconds,
    ourWork: bytes / MEGABYTE / ours.workSeconds,
    straightWork: bytes / MEGABYTE / straight.workSeconds,
  };
}
