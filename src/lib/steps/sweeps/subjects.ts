import type { RequestRecord } from '../../domain/request.ts';
import { subjectIsDue, withoutSubject } from '../../domain/retention.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import { holdsOn } from '../holds.ts';
import { forEachEnded } from './ended-requests.ts';
import { lastCopiesGoneBy, sentenceOf } from './results.ts';
import { type SweepDependencies, sweepOf } from './sweep.ts';

type IsDue = (record: RequestRecord) => boolean;

/**
 * Removes everything that names the person from the records of requests that ended long ago, however they ended, their idempotency keys, and
 * their plans, which list keys of shared items. What stays of the record is a tombstone. May be repeated and may end anywhere: first the record says
 * that it has begun, then key and plan go, which the record knows of until then. A hold that is set meanwhile stops it. The receipt stays as it was signed.
 */
export const sweepSubjects = sweepOf({ seen: 0, finished: 0, failed: 0 }, async (deps, order, tally) => {
  const isDue: IsDue = (record) => subjectIsDue(record, deps.periods, deps.clock.now());
  const ended = { sweep: 'subjects', kept: 'subject', days: deps.periods.subject, isDue } as const;
  await forEachEnded(deps, { order, ended, tally }, async (record) => {
    if (!order.dryRun && !(await forget(deps, record, isDue))) return 'stays';
    tally.counts.finished += 1;
    return order.dryRun ? 'stays' : 'left';
  });
});

async function forget(deps: SweepDependencies, seen: RequestRecord, isDue: IsDue): Promise<boolean> {
  const { requestId, keyDigest } = seen;
  if (!(await begin(deps, seen, isDue))) return false;
  if ((await holdsOn(deps, seen)).length > 0) return false;
  if (keyDigest !== undefined) await deps.files.removeKey(keyDigest);
  await deps.files.removePlan(requestId);
  const at = deps.clock.now();
  const goneBy = await lastCopiesGoneBy(deps, requestId);
  const forgotten = { at: at.toISOString(), ...(goneBy !== undefined && { goneBy }) };
  const result = await deps.records.change(requestId, (record) =>
    isDue(record)
      ? note(withoutSubject(record, forgotten), 'subject-removed', { at, actor: SYSTEM, reason: sentenceOf(goneBy) })
      : undefined,
  );
  return result.kind === 'changed';
}

/** From here on nothing of it is done again. False when the request is no longer due: it goes on after all. */
async function begin(deps: SweepDependencies, { requestId }: RequestRecord, isDue: IsDue): Promise<boolean> {
  const at = deps.clock.now();
  const result = await deps.records.change(requestId, (record) => {
    if (!isDue(record) || record.forgettingSince !== undefined) return undefined;
    const reason = 'The time to keep what names the person is over.';
    const patch = { forgettingSince: at.toISOString() };
    return note(record, 'subject-removal-begun', { at, actor: SYSTEM, reason, patch });
  });
  return result.kind !== 'missing' && isDue(result.record) && result.record.forgettingSince !== undefined;
}
