import { orchestrate } from '../reference/orchestrate.ts';
import { figure } from '../report/outcome.ts';
import { fulfil } from '../stage/requests.ts';
import { startStage } from '../stage/stage.ts';
import { median } from '../stage/statistics.ts';
import { smallWorld } from './model-world.ts';
import type { Bench, Row } from './row.ts';

const ROUNDS = 7;

export const overhead: Row = {
  name: 'overhead',
  what: 'A request with nothing to do, POST to completed',
  async measure(bench) {
    const seconds = await requests(bench);
    const bare = await bareOrchestrations(bench);
    return {
      size: 'one family, empty',
      rounds: ROUNDS,
      figures: [
        figure('request', median(seconds), 's'),
        figure('slowest request', Math.max(...seconds), 's'),
        figure('bare orchestration with one activity', median(bare), 's'),
        figure('ratio', median(seconds) / median(bare)),
      ],
      goals: [],
    };
  },
};

async function requests(bench: Bench): Promise<number[]> {
  const { world, targets } = smallWorld(0);
  const stage = await startStage({ world, targets, entry: bench.bundle, log: bench.log });
  try {
    // The first one signs in, makes the container and so on.
    await fulfil(stage, { families: ['mm-images'] });
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const one = await fulfil(stage, { families: ['mm-images'] });
      bench.say(`request ${round}: ${one.seconds.toFixed(2)} s`);
      seconds.push(one.seconds);
    }
    return seconds;
  } finally {
    await stage.stop();
  }
}

async function bareOrchestrations(bench: Bench): Promise<number[]> {
  const stage = await startStage({ ...smallWorld(0), entry: bench.fanOut, log: bench.log });
  try {
    await orchestrate(stage, 'bare', {});
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) seconds.push((await orchestrate(stage, 'bare', {})).seconds);
    return seconds;
  } finally {
    await stage.stop();
  }
}
