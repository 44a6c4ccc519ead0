import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { changeWorld } from '../../../local/simulator/world/change.ts';
import type { Project } from '../../../local/simulator/world/model.ts';
import { type ProjectSnapshot, projectSnapshot } from '../../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf } from '../../end-to-end/support/account.ts';
import { accountOf } from '../../end-to-end/support/erasure.ts';
import { keysOf, totalOf } from '../../end-to-end/support/expected.ts';
import { expectWhole, wholeOf } from '../../end-to-end/support/exported.ts';
import type { Order } from '../../end-to-end/support/portal.ts';
import { type Stage, type StageOptions, startStage } from '../../end-to-end/support/stage.ts';
import { found, until } from '../../end-to-end/support/until.ts';
import { Trap } from './trap.ts';

const TARGET = 'subject';
const NEIGHBOUR = 'neighbour';
/** As small as a project can be that has one of everything. */
const SIZES = {
  tags: 2,
  taggedImages: 2,
  untaggedImages: 1,
  deletedImages: 1,
  iterations: { published: 1, trained: 0 },
  imageBytes: 90,
  exportBytes: 300,
  predictions: 1,
};

/** An installation of its own, with a trap between the app and everything that it changes. */
export interface Lane {
  readonly stage: Stage;
  readonly trap: Trap;
}

/** A lane for Custom Vision. */
export const startLane = (): Promise<Lane> =>
  startLaneWith({ targets: [{ name: TARGET, projects: 0 }, { name: NEIGHBOUR }] });

/** A lane with these targets. */
export async function startLaneWith(given: Pick<StageOptions, 'targets' | 'managed' | 'world'>): Promise<Lane> {
  const trap = new Trap();
  const stage = await startStage({
    ...given,
    between: { storage: trap.interference, upstream: trap.interference },
    settings: { DSR_ROUND_SECONDS: '1' },
    patient: true,
    built: true,
  });
  return { stage, trap };
}

/** Ends every worker at once, as a machine does that loses its power. */
export function killWorkers({ stage }: Lane): void {
  for (const pid of stage.host.workerPids()) process.kill(pid, 'SIGKILL');
}

const snapshots = ({ stage }: Lane, name: string): ProjectSnapshot[] =>
  [...stage.resource(name).projects.values()].map((project: Project) => projectSnapshot(project));

/** A fresh project upstream, a request about it, and its end held against what it must be; `trap` may be armed before. */
export async function runToEnd(lane: Lane, action: 'export' | 'delete'): Promise<void> {
  const { stage } = lane;
  const { simulator } = stage;
  if (stage.resource(TARGET).projects.size === 0) {
    changeWorld(simulator.world, { change: 'addProject', resource: TARGET, sizes: SIZES });
  }
  const before = {
    target: snapshots(lane, TARGET),
    neighbour: snapshots(lane, NEIGHBOUR),
    keys: keysOf(stage.resource(TARGET)),
  };
  const whole = wholeOf(stage, stage.resource(TARGET));
  const id = await submitUntilTaken(stage, { action, targets: [TARGET] });
  if (action === 'delete') await approveUntilTaken(stage, id);
  if (action === 'export') await expectWhole(stage, id, whole);
  else await expectErasure(stage, id, before.keys);
  expect(snapshots(lane, TARGET)).toEqual(action === 'export' ? before.target : []);
  expect(snapshots(lane, NEIGHBOUR)).toEqual(before.neighbour);
  await expectQueuesEmpty(stage);
}

/** As a portal does it that gets no answer: with the same key, until there is one. */
export async function submitUntilTaken(stage: Stage, order: Order): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  const reply = await until('the request is taken', async () => {
    const answered = await stage.portal.submit(order, headers).catch(() => undefined);
    return answered?.status === 202 && answered;
  });
  return found(reply.headers.get('location')?.split('/').at(-1));
}

/** Approves the plan, again until there is an answer. */
export async function approveUntilTaken(stage: Stage, id: string): Promise<void> {
  const { plan } = await stage.portal.awaitingDecision(id);
  await until('the decision is taken', async () => {
    const answered = await stage.officer.decide(id, 'approve', plan?.hash).catch(() => undefined);
    return answered?.status === 202;
  });
}

type Keys = ReturnType<typeof keysOf>;

async function expectErasure(stage: Stage, id: string, keys: Keys): Promise<void> {
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view, JSON.stringify(view)).toMatchObject({ state: 'completed', decision: { actor: 'officer' } });
  for (const [family, expected] of Object.entries(keys)) {
    const items = outcomesOf(ledgers, family);
    expect([...items.keys()].sort()).toEqual(expected);
    const byHand = family === 'cv-exported-models';
    for (const [key, { outcome }] of items) expect(outcome, key).toBe(byHand ? 'kept' : 'erased');
  }
  const kept = keys['cv-exported-models']?.length ?? 0;
  expect(receipt.totals).toMatchObject({ found: totalOf(keys), erased: totalOf(keys) - kept, kept });
}
