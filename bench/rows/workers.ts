import { figure } from '../report/outcome.ts';
import { fulfil } from '../stage/requests.ts';
import { startStage } from '../stage/stage.ts';
import { median } from '../stage/statistics.ts';
import { visionTarget } from '../stage/targets.ts';
import { imageWorlds } from './image-world.ts';
import type { Bench, Row } from './row.ts';

const ROUNDS = 3;
const WORKERS = [1, 2, 4] as const;
const TARGETS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const IMAGES_EACH = 250;
const IMAGE_BYTES = 50_000;

export const workers: Row = {
  name: 'workers',
  what: 'The same export of images of eight targets with 1, 2 and 4 worker processes on this machine',
  async measure(bench) {
    const seconds: number[] = [];
    for (const count of WORKERS) {
      seconds.push(await withWorkers(bench, count));
      bench.say(`${count} workers: ${seconds.at(-1)?.toFixed(1)} s`);
    }
    const [one = 0] = seconds;
    return {
      size: `${TARGETS.length} × ${bench.size(IMAGES_EACH)} images`,
      rounds: ROUNDS,
      figures: WORKERS.flatMap((count, index) => {
        const took = seconds[index] ?? 0;
        const label = count === 1 ? '1 worker' : `${count} workers`;
        return [figure(label, took, 's'), ...(count === 1 ? [] : [figure(`${label}, times as fast`, one / took)])];
      }),
      goals: [],
    };
  },
};

async function withWorkers(bench: Bench, count: number): Promise<number> {
  const stage = await startStage({
    world: imageWorlds(TARGETS, { images: bench.size(IMAGES_EACH), imageBytes: IMAGE_BYTES }),
    targets: TARGETS.map((name) => visionTarget(name)),
    entry: bench.bundle,
    workers: count,
    log: bench.log,
  });
  try {
    // Of the first, what each worker compiles for itself is a part.
    await fulfil(stage, { families: ['cv-images'] });
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      seconds.push((await fulfil(stage, { families: ['cv-images'] })).seconds);
    }
    return median(seconds);
  } finally {
    await stage.stop();
  }
}
