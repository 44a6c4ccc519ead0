import { expect, it } from 'vitest';
import { rootSliceId } from '../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { type Progress, type Round, roundStore } from '../../../src/lib/store/rounds.ts';
import { useAzurite } from './support/azurite.ts';
import { newTask } from './support/slices.ts';

const account = useAzurite();
const at = '2026-01-05T10:00:00Z';

it('round and progress of a task are what was written last', async () => {
  const rounds = roundStore(account.storage);
  const { requestId, taskId } = newTask();
  expect(await rounds.readRound(requestId, taskId)).toBeUndefined();
  expect(await rounds.readProgress(requestId, taskId)).toBeUndefined();
  const round: Round = { v: 1, instanceId: `${requestId}.1:${taskId}:r1`, inFlight: { [rootSliceId('walk')]: at } };
  await rounds.writeRound(requestId, taskId, { ...round, inFlight: {} });
  await rounds.writeRound(requestId, taskId, round);
  const progress: Progress = {
    v: 1,
    phase: 'walk',
    counts: NO_COUNTS,
    open: 3,
    moreOpen: true,
    updatedAt: at,
    finished: false,
  };
  await rounds.writeProgress(requestId, taskId, progress);
  expect(await rounds.readRound(requestId, taskId)).toEqual(round);
  expect(await rounds.readProgress(requestId, taskId)).toEqual(progress);
});
