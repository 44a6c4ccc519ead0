import { longestHistory } from '../reference/orchestrate.ts';
import { atMost, figure } from '../report/outcome.ts';
import { forgetPeak, peakMebibytes } from '../stage/proc.ts';
import { fulfil } from '../stage/requests.ts';
import { startStage } from '../stage/stage.ts';
import { SMALL_FAMILIES, smallWorld } from './model-world.ts';
import type { Bench, Row } from './row.ts';

const SIZES = [1000, 10_000, 100_000];

/** Of one size: all is counted for the second request of its stage, when everything has been loaded and signed in. */
interface Growth {
  readonly items: number;
  readonly seconds: number;
  readonly operations: number;
  readonly messages: number;
  readonly hostOperations: number;
  readonly mostHistory: number;
  readonly mebibytes: number;
}

export const growth: Row = {
  name: 'growth',
  what: 'Export of ever more small documents: what grows with them',
  async measure(bench) {
    const grown: Growth[] = [];
    for (const items of SIZES) {
      const one = await ofSize(bench, bench.size(items));
      bench.say(`${one.items} items: ${one.seconds.toFixed(1)} s, ${one.operations} operations on blobs`);
      grown.push(one);
    }
    const [small, middle, large] = grown;
    if (!small || !middle || !large) throw new Error('Something was not measured.');
    const more = large.items - middle.items;
    const perThousand = (1000 * (large.operations + large.messages - middle.operations - middle.messages)) / more;
    const slope = (a: Growth, b: Growth) => (b.seconds - a.seconds) / (b.items - a.items);
    return {
      size: `${grown.map(({ items }) => items).join(' → ')} documents`,
      rounds: 1,
      figures: [...grown.flatMap(figuresOf), figure('operations a further 1,000 items', perThousand)],
      goals: [
        atMost('operations a further 1,000 items', perThousand, 5),
        atMost('time a further item, against the step before', slope(middle, large) / slope(small, middle), 1.1),
        atMost('longest history, against the smallest size', large.mostHistory / small.mostHistory, 1.1),
      ],
    };
  },
};

const figuresOf = (one: Growth) => [
  figure(`${one.items}: time an item`, (1000 * one.seconds) / one.items, 'ms'),
  figure(`${one.items}: operations on blobs`, one.operations),
  figure(`${one.items}: messages sent`, one.messages),
  figure(`${one.items}: the host's operations on queues`, one.hostOperations),
  figure(`${one.items}: longest history`, one.mostHistory, 'rows'),
  figure(`${one.items}: peak memory of the worker`, one.mebibytes, 'MiB'),
];

async function ofSize(bench: Bench, wanted: number): Promise<Growth> {
  const { world, targets, items } = smallWorld(wanted);
  const stage = await startStage({ world, targets, entry: bench.bundle, log: bench.log, counted: true });
  try {
    await fulfil(stage, { families: ['mm-images'], dryRun: true });
    const [pid = 0] = stage.workerPids();
    forgetPeak(pid);
    const { blob, queue, host } = stage.storage;
    const { seconds, view } = await fulfil(stage, { families: [...SMALL_FAMILIES] });
    if (view.totals.saved !== items) throw new Error(`${view.totals.saved} of ${items} documents were saved.`);
    return {
      items,
      seconds,
      operations: stage.storage.blob - blob,
      messages: stage.storage.queue - queue,
      hostOperations: stage.storage.host - host,
      mostHistory: await longestHistory(stage),
      mebibytes: peakMebibytes(pid),
    };
  } finally {
    await stage.stop();
  }
}
