import { packTask } from '../../domain/edition.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Done } from '../../domain/run.ts';
import { hasPackage, type Outcome } from '../../plan/outcome.ts';
import type { Dependencies } from '../dependencies.ts';
import { leaveTargets } from '../exclusion.ts';
import { moveFrom } from '../moves.ts';
import { sealReceipt } from '../receipt/seal-receipt.ts';
import type { Step } from '../step.ts';

/** The account of a request: the package of an export, the receipt of whatever was asked, then the end. */
export async function advanceSealing(deps: Dependencies, record: RequestRecord, done: Done | undefined): Promise<Step> {
  await leaveTargets(deps, record);
  if (hasPackage(record) && !record.withoutPackage && done?.phase !== 'package') {
    return { kind: 'tasks', phase: 'package', stage: 0, taskIds: [packTask(record)] };
  }
  const chosen = await finalOutcome(deps, record);
  const receipt = await sealReceipt(deps, { ...record, outcome: chosen });
  // As the receipt says: an earlier attempt may have written it, and a broken ledger makes it a failure.
  const outcome = receipt.outcome ?? chosen;
  await moveFrom(deps, record, {
    event: outcome.event,
    reason: outcome.reason,
    patch: { outcome, run: { ...record.run, ended: true } },
  });
  return { kind: 'stop', why: 'the request has ended' };
}

/** A dry run packs nothing. An export that never came to run has an empty package, which says so. */
/** A package that could not be made is a failure, whatever was read upstream. */
async function finalOutcome(deps: Dependencies, record: RequestRecord): Promise<Outcome> {
  const outcome = record.outcome ?? {
    event: 'fail' as const,
    reason: 'No outcome was chosen before sealing: this is a defect.',
  };
  if (!hasPackage(record) || record.withoutPackage) return outcome;
  const packed = await deps.slices.sumDone(record.requestId, packTask(record));
  return packed.gaps > 0 ? { event: 'fail', reason: 'The package could not be made.' } : outcome;
}
