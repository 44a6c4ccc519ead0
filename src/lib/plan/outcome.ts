import type { Counts } from '../domain/ledger.ts';
import type { RequestRecord } from '../domain/request.ts';

export type Outcome = NonNullable<RequestRecord['outcome']>;

/**
 * How a request ends whose work is over. `completed` only if nothing was refused, nothing is unknown, and nothing is still to be decided.
 * @param counts sums over the tasks of the last revision of the plan. @param faults broken ledger identities.
 */
export function outcomeOf(
  record: RequestRecord,
  counts: Counts,
  at: { faults: readonly string[]; settling?: string | undefined },
): Outcome {
  const [fault] = at.faults;
  if (fault !== undefined) return { event: 'fail', reason: `The ledger does not add up. ${fault}` };
  if (record.cancel) return { event: 'end-cancelled', reason: 'The request was cancelled.' };
  if (at.settling !== undefined) return { event: 'complete-partially', reason: at.settling };
  if (counts.gaps > 0)
    return { event: 'complete-partially', reason: `${counts.gaps} places upstream could not be read.` };
  if (counts.refused > 0) return { event: 'complete-partially', reason: `${counts.refused} items were refused.` };
  if (counts.drift > 0)
    return { event: 'complete-partially', reason: `${counts.drift} items changed after they were approved.` };
  return { event: 'complete', reason: 'Everything that was found has its final line, and nothing was refused.' };
}

/** Whether a request leaves a package when it is sealed. */
export const hasPackage = ({ submission, touchedUpstream }: RequestRecord): boolean =>
  !submission.dryRun && (submission.action === 'export' || (submission.exportFirst === true && touchedUpstream));
