import { addSeconds, secondsBetween } from '../domain/clock.ts';
import { type Hold, nameOfHold } from '../domain/hold.ts';
import { isEnded } from '../domain/lifecycle.ts';
import type { RequestRecord } from '../domain/request.ts';
import { note, SYSTEM } from '../plan/moves.ts';
import type { Dependencies } from './dependencies.ts';

/** All holds on a request: on itself, on its targets, on the reference of its subject. Sweeps leave alone whatever has one. */
export async function holdsOn(
  { holds }: Pick<Dependencies, 'holds'>,
  { requestId, targets, submission }: Pick<RequestRecord, 'requestId' | 'targets' | 'submission'>,
): Promise<Hold[]> {
  const subject = await holds.subjectKey(submission.subject.reference);
  return holds.on([
    { scope: 'request', key: requestId },
    ...targets.map((target) => ({ scope: 'target' as const, key: target })),
    { scope: 'subject', key: subject },
  ]);
}

/**
 * Holds that keep a request back now: deletes wait, what only reads goes on where each hold allows it. What was cancelled or given up is
 * settled in spite of them, which destroys nothing; so is the sealing.
 */
export async function keptBackBy(deps: Pick<Dependencies, 'holds'>, record: RequestRecord): Promise<Hold[]> {
  if (isEnded(record.state) || record.state === 'sealing' || record.cancel || record.standDown !== undefined) return [];
  const reads = record.submission.action === 'export' || record.submission.dryRun;
  return (await holdsOn(deps, record)).filter((hold) => !reads || !hold.allowExports);
}

/**
 * Whether a hold keeps the request back; then its run ends, without a failure, and the record says why. Slices that wait stay open: the
 * run that begins when the hold is lifted goes on with them.
 */
export async function holdBack(deps: Dependencies, seen: RequestRecord): Promise<boolean> {
  const holds = await keptBackBy(deps, seen);
  if (holds.length === 0) return false;
  const at = deps.clock.now();
  const by = holds.map((hold) => hold.id).sort();
  const result = await deps.records.change(seen.requestId, (record) => {
    if (record.run.n !== seen.run.n || record.state !== seen.state || (record.held && record.run.ended)) {
      return undefined;
    }
    const held = record.held ?? { since: at.toISOString(), by };
    const run = { ...record.run, ended: true };
    return note(record, 'held', {
      at,
      actor: SYSTEM,
      reason: `It waits because of ${by.map(nameOfHold).join(', ')}.`,
      patch: { held, run },
    });
  });
  if (result.kind === 'changed') deps.log('held', { requestId: seen.requestId, state: seen.state, holds: by.length });
  return true;
}

/** Ends a wait that nothing keeps up any more. The time spent in it is added to the deadlines of the work; the law's goes on. */
export async function release(deps: Dependencies, seen: RequestRecord): Promise<RequestRecord> {
  if (!seen.held) return seen;
  const at = deps.clock.now();
  const result = await deps.records.change(seen.requestId, ({ held, ...record }) => {
    if (!held) return undefined;
    const seconds = secondsBetween(new Date(held.since), at);
    const later = (moment: string): string => addSeconds(new Date(moment), seconds).toISOString();
    const { deadline, decisionDeadline } = record;
    const patch = {
      deadline: later(deadline),
      ...(decisionDeadline !== undefined && { decisionDeadline: later(decisionDeadline) }),
    };
    return note(record, 'released', { at, actor: SYSTEM, reason: `It was held since ${held.since}.`, patch });
  });
  return result.kind === 'missing' ? seen : result.record;
}
