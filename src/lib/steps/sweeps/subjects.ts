import type { RequestRecord } from '../../domain/request.ts';
import { subjectIsDue, withoutSubject } from '../../domain/retention.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import { forEachEnded } from './ended-requests.ts';
import { lastCopiesGoneBy, sentenceOf } from './results.ts';
import { type SweepDependencies, sweepOf } from './sweep.ts';

/**
 * Removes everything that names the person from the records of requests that ended long ago, however they ended, their idempotency keys, and
 * their plans, which list keys of shared items. What stays of the record is a tombstone. May be repeated and may end anywhere: key and plan go
 * first, the record knows of them until then. The receipt stays as it was signed.
 */
export const sweepSubjects = sweepOf({ seen: 0, finished: 0, failed: 0 }, async (deps, order, tally) => {
  const isDue = (record: RequestRecord): boolean => subjectIsDue(record, deps.periods, deps.clock.now());
  const ended = { sweep: 'subjects', kept: 'subject', days: deps.periods.subject, isDue } as const;
  await forEachEnded(deps, { order, ended, tally }, async (record) => {
    if (!order.dryRun && !(await forget(deps, record, isDue))) return 'stays';
    tally.counts.finished += 1;
    return order.dryRun ? 'stays' : 'left';
  });
});

async function forget(
  deps: SweepDependencies,
  { requestId, keyDigest }: RequestRecord,
  isDue: (record: RequestRecord) => boolean,
): Promise<boolean> {
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
