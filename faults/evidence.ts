import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { snapshotOf } from '../local/simulator/world/snapshot.ts';
import { blobsOf } from '../test/end-to-end/support/account.ts';
import type { FaultLane } from './lane/fault-lane.ts';
import type { Outcome } from './round/round.ts';

/** Writes down what a round that failed has left: its defect, the request's blobs, calls, logs, the world. Returns the folder. */
export async function keepEvidence(folder: string, lane: FaultLane, outcome: Outcome): Promise<string> {
  const { drawn, requestId } = outcome;
  const own = join(folder, `${drawn.seed}-${drawn.number}-${drawn.fault.name}`);
  const { stage, passage, mark } = lane;
  const save = async (name: string, text: string) => {
    const path = join(own, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  const { simulator } = stage;
  const calls = simulator.calls.list.filter(({ sequence }) => sequence > mark.call);
  await save('outcome.json', json({ ...outcome, drawn: named(outcome) }));
  await save('log.txt', stage.log.slice(mark.line).join('\n'));
  await save('calls.ndjson', calls.map((call) => JSON.stringify(call)).join('\n'));
  await save('passed.txt', passage.last.join('\n'));
  await save('world.json', json(snapshotOf(simulator.world)));
  if (requestId === undefined) return own;
  for (const [name, text] of await blobsOf(stage, requestId).catch(() => new Map<string, string>())) {
    await save(join('blobs', name), text);
  }
  return own;
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

const named = ({ drawn }: Outcome) => ({
  seed: drawn.seed,
  number: drawn.number,
  fault: drawn.fault.name,
  action: drawn.action,
});
