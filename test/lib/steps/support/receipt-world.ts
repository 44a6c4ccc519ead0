import { childSliceId, mintTaskId, type RequestId, rootSliceId } from '../../../../src/lib/domain/ids.ts';
import type { ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { Task } from '../../../../src/lib/domain/plan.ts';
import { type Target, targetSchema } from '../../../../src/lib/domain/target.ts';
import { SILENT } from '../../../../src/lib/domain/telemetry.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { exclusion } from '../../../../src/lib/store/exclusion.ts';
import { holdStore } from '../../../../src/lib/store/holds.ts';
import { idempotencyKeys } from '../../../../src/lib/store/idempotency.ts';
import { pace } from '../../../../src/lib/store/pace.ts';
import { pauseStore } from '../../../../src/lib/store/pauses.ts';
import { queueStore } from '../../../../src/lib/store/queues.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import { roundStore } from '../../../../src/lib/store/rounds.ts';
import type { Storage } from '../../../../src/lib/store/storage.ts';
import { watchPositions } from '../../../../src/lib/store/watch-position.ts';
import { createBreaker } from '../../../../src/lib/upstream/breaker.ts';
import { createPace } from '../../../../src/lib/upstream/pace.ts';
import { createUpstream } from '../../../../src/lib/upstream/upstream.ts';
import { sealDependencies } from './package-world.ts';

export const NOW = new Date('2026-01-06T12:00:00.000Z');
const clock = { now: () => NOW };

const target: Target = targetSchema.parse({
  kind: 'custom-vision',
  name: 'vision',
  endpoint: 'https://vision.cognitiveservices.azure.com',
  signIn: { kind: 'entra' },
});

/** Everything real; upstream has no credential, since a receipt asks nothing of it. */
export function receiptDependencies(storage: Storage): Dependencies {
  const upstream = createUpstream({
    credential: { getToken: async () => null },
    secret: () => undefined,
    clock,
    pace: createPace({ reservations: pace(storage, clock), clock }),
  });
  return {
    ...sealDependencies(storage),
    clock,
    records: recordStore(storage),
    rounds: roundStore(storage),
    exclusion: exclusion(storage),
    holds: holdStore(storage),
    watchPositions: watchPositions(storage),
    idempotency: idempotencyKeys(storage),
    queues: queueStore(storage),
    upstream,
    breaker: createBreaker({ pauses: pauseStore(storage), clock, limits: sealDependencies(storage).limits.breaker }),
    telemetry: SILENT,
    mask: (_, document) => document,
    target: (name) => (name === target.name ? target : undefined),
    targetNames: () => [target.name],
    log: () => undefined,
  };
}

/** Writes down the tasks of a revision, one for each family. */
export async function writeRevision(
  deps: Dependencies,
  at: { requestId: RequestId; revision: number },
  families: readonly string[],
): Promise<void> {
  const tasks = families.map(
    (family, index): Task => ({
      taskId: mintTaskId(at.revision, index),
      family,
      target: 'vision',
      stage: index,
      way: family === 'cv-exported-models' ? 'hand' : 'call',
    }),
  );
  await deps.documents.writeTasks(at.requestId, { v: 1, revision: at.revision, tasks });
}

export interface SlicePlace {
  readonly requestId: RequestId;
  readonly revision: number;
  readonly task: number;
  readonly phase: string;
  readonly slice?: number;
}

/** Writes one result. */
export async function writeResult(deps: Dependencies, at: SlicePlace, lines: Iterable<ResultLine>): Promise<void> {
  const sliceId = childSliceId(at.phase, rootSliceId(at.phase), at.slice ?? 0);
  const ref = { requestId: at.requestId, taskId: mintTaskId(at.revision, at.task), sliceId };
  const result = new SliceResult();
  for (const line of lines) result.add(line);
  await deps.slices.commit(ref, result.header(sliceId, at.phase, []), result.lines);
}

/** The inventory and the final lines of items. */
export async function writeItems(
  deps: Dependencies,
  at: Omit<SlicePlace, 'phase'>,
  items: readonly (ResultLine & { line: 'item' })[],
): Promise<void> {
  const found = items.map(({ key }) => ({ line: 'found' as const, key, parameters: {} }));
  await writeResult(deps, { ...at, phase: 'inventory' }, found);
  await writeResult(deps, { ...at, phase: 'prove' }, items);
}
