import { orchestrate } from '../reference/orchestrate.ts';
import { managementToken, runStraightLine } from '../reference/run-straight-line.ts';
import { atLeast, figure } from '../report/outcome.ts';
import { fulfil } from '../stage/requests.ts';
import { type Cpu, type Stage, startStage } from '../stage/stage.ts';
import { median } from '../stage/statistics.ts';
import { PLACE } from '../stage/targets.ts';
import { SMALL_FAMILIES, smallWorld } from './model-world.ts';
import type { Bench, Row } from './row.ts';

const ROUNDS = 3;
const ITEMS = 20_000;
/** With one activity an item the history alone makes more a matter of many minutes. */
const FAN_OUT_ITEMS = 400;

export const smallDocuments: Row = {
  name: 'small-documents',
  what: 'Export of small documents over three families, POST to completed with its package',
  async measure(bench) {
    const { world, targets, items } = smallWorld(bench.size(ITEMS));
    const stage = await startStage({ world, targets, entry: bench.bundle, log: bench.log });
    const ours: number[] = [];
    const ourWork: number[] = [];
    const straight: number[] = [];
    const straightWork: number[] = [];
    let cpu: Cpu | undefined;
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const one = await oneRound(stage, items, round);
        bench.say(
          `round ${round}: ${one.ours.seconds.toFixed(1)} s, straight line ${one.straight.seconds.toFixed(1)} s`,
        );
        ours.push(one.ours.seconds);
        ourWork.push(one.ours.workSeconds);
        straight.push(one.straight.seconds);
        straightWork.push(one.straight.workSeconds);
        cpu = one.cpu;
      }
    } finally {
      await stage.stop();
    }
    const fanOut = await fanOutRate(bench);
    const rate = items / median(ours);
    return {
      size: `${items} documents; fan-out ${fanOut.items}`,
      rounds: ROUNDS,
      figures: [
        figure('items a second', rate, '1/s'),
        figure('straight line', items / median(straight), '1/s'),
        figure('fan-out, one activity an item', fanOut.rate, '1/s'),
        figure('reading and saving alone', items / median(ourWork), '1/s'),
        figure('straight line, reading and saving alone', items / median(straightWork), '1/s'),
        ...cpuFigures(cpu),
      ],
      goals: [
        atLeast('straight line ×', rate / (items / median(straight)), 0.9),
        atLeast('fan-out ×', rate / fanOut.rate, 10),
      ],
    };
  },
};

async function oneRound(stage: Stage, items: number, round: number) {
  const { total } = await stage.upstream.callsSince(Number.MAX_SAFE_INTEGER);
  const before = stage.cpu();
  const ours = await fulfil(stage, { families: [...SMALL_FAMILIES] });
  const after = stage.cpu();
  if (ours.view.totals.saved !== items) throw new Error(`${ours.view.totals.saved} of ${items} documents were saved.`);
  const { calls } = await stage.upstream.callsSince(total);
  const container = `straight-line-${round}`;
  const order = { calls, concurrency: SMALL_FAMILIES.length, container, package: true };
  const straight = await runStraightLine(stage, order);
  if (straight.documents < items) throw new Error(`The straight line saw ${straight.documents} of ${items} documents.`);
  return { ours, straight, cpu: difference(before, after) };
}

const difference = (before: Cpu, after: Cpu): Cpu => ({
  worker: after.worker - before.worker,
  host: after.host - before.host,
  storage: after.storage - before.storage,
  upstream: after.upstream - before.upstream,
});

export const cpuFigures = (cpu: Cpu | undefined) =>
  cpu === undefined ? [] : Object.entries(cpu).map(([who, seconds]) => figure(`processor time, ${who}`, seconds, 's'));

async function fanOutRate(bench: Bench): Promise<{ items: number; rate: number }> {
  const { world, targets } = smallWorld(2.5 * bench.size(FAN_OUT_ITEMS));
  const stage = await startStage({ world, targets, entry: bench.fanOut, log: bench.log });
  try {
    const { subscriptionId, resourceGroup } = PLACE;
    const place = {
      upstream: stage.upstream.url,
      host: 'eastus2.modelmanagement.azureml.net',
      headers: { authorization: `Bearer ${await managementToken(stage)}` },
      url: `/api/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/accounts/small/images?api-version=2017-09-01-preview`,
    };
    const { seconds, output } = await orchestrate(stage, 'fanOut', place);
    bench.say(`fan-out: ${output} items in ${seconds.toFixed(1)} s`);
    const items = Number(output);
    return { items, rate: items / seconds };
  } finally {
    await stage.stop();
  }
}
