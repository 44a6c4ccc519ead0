import { runStraightLine } from '../reference/run-straight-line.ts';
import { atMost, figure } from '../report/outcome.ts';
import { forgetPeak, peakMebibytes } from '../stage/proc.ts';
import { fulfil } from '../stage/requests.ts';
import { startStage } from '../stage/stage.ts';
import { visionTarget } from '../stage/targets.ts';
import { visionWorld } from './image-world.ts';
import type { Bench, Row } from './row.ts';

const MEBIBYTE = 1024 * 1024;
const LARGE = 2048 * MEBIBYTE;
const SMALL = 2 * MEBIBYTE;
const MEGABYTE = 1e6;

export const oneLarge: Row = {
  name: 'one-large',
  what: 'Export of one large artifact against a small one: memory of the worker, and how fast it goes',
  async measure(bench) {
    const small = await artifact(bench, SMALL, false);
    const large = await artifact(bench, bench.size(LARGE), true);
    return {
      size: `${Math.round(bench.size(LARGE) / MEBIBYTE)} MiB against ${SMALL / MEBIBYTE} MiB`,
      rounds: 1,
      figures: [
        figure('peak memory of the worker, small', small.mebibytes, 'MiB'),
        figure('peak memory of the worker, large', large.mebibytes, 'MiB'),
        figure('saving', large.work, 'MB/s'),
        figure('straight line, saving', large.straightWork, 'MB/s'),
        figure('with the package', large.whole, 'MB/s'),
        figure('straight line, with the package', large.straight, 'MB/s'),
      ],
      goals: [atMost('difference of the peaks in MiB', large.mebibytes - small.mebibytes, 32)],
    };
  },
};

async function artifact(bench: Bench, bytes: number, compared: boolean) {
  const sizes = { taggedImages: 0, iterations: { published: 0, trained: 1 }, exports: 1, exportBytes: bytes };
  const stage = await startStage({
    world: visionWorld('large', [sizes]),
    targets: [visionTarget('large')],
    entry: bench.bundle,
    log: bench.log,
  });
  try {
    // What every request needs is loaded, and shows in neither peak alone.
    await fulfil(stage, { families: ['cv-exported-models'], dryRun: true });
    const { total } = await stage.upstream.callsSince(Number.MAX_SAFE_INTEGER);
    const [pid = 0] = stage.workerPids();
    forgetPeak(pid);
    const { view, seconds, workSeconds } = await fulfil(stage, { families: ['cv-exported-models'] });
    const mebibytes = peakMebibytes(pid);
    if (view.totals.bytes !== bytes) throw new Error(`${view.totals.bytes} of ${bytes} bytes were saved.`);
    bench.say(`${Math.round(bytes / MEBIBYTE)} MiB: ${seconds.toFixed(1)} s, peak ${mebibytes.toFixed(0)} MiB`);
    const rate = (took: number) => bytes / MEGABYTE / took;
    const ours = { mebibytes, work: rate(workSeconds), whole: rate(seconds) };
    if (!compared) return { ...ours, straight: 0, straightWork: 0 };
    const { calls } = await stage.upstream.callsSince(total);
    const straight = await runStraightLine(stage, { calls, concurrency: 1, container: 'straight-line', package: true });
    return { ...ours, straight: rate(straight.seconds), straightWork: rate(straight.workSeconds) };
  } finally {
    await stage.stop();
  }
}
