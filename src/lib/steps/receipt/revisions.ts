import { sumWithoutRepeats } from '../../domain/again.ts';
import { type Counts, identityFault, settled } from '../../domain/ledger.ts';
import { doesOf, ownTasks } from '../../domain/plan.ts';
import type { ReceiptRevision, ReceiptTask } from '../../domain/receipt.ts';
import type { Action, RequestRecord } from '../../domain/request.ts';
import { isSameSum, type KeySum } from '../../domain/sums.ts';
import type { Dependencies } from '../dependencies.ts';
import { revisionOf } from '../tasks.ts';
import { allGrounds } from './grounds.ts';
import { receiptTask, type TaskAccount } from './task.ts';

/** The tasks of every revision of the plan. A revision that was never made has none. */
export async function receiptRevisions(deps: Dependencies, record: RequestRecord): Promise<ReceiptRevision[]> {
  const { requestId } = record;
  const grounds = allGrounds();
  const left = new Map<string, KeySum>();
  const revisions: ReceiptRevision[] = [];
  for (let revision = 1; revision <= revisionOf(record); revision += 1) {
    const list = await deps.documents.readTasks(requestId, revision);
    const tasks: ReceiptTask[] = [];
    for (const task of list ? ownTasks(list) : []) {
      const told = await receiptTask(deps, { record, task }, grounds);
      left.set(task.taskId, told.left);
      tasks.push({ ...told.account, ...takenOver(record, told, left.get(task.again ?? '')) });
    }
    revisions.push({ revision, carriedOut: wasCarriedOut(record, revision, tasks), tasks });
  }
  return revisions;
}

/** An export reads again, and may find something else. */
const takenOver = (
  { submission }: RequestRecord,
  { found }: TaskAccount,
  left: KeySum | undefined,
): Pick<ReceiptTask, 'tookOver'> =>
  left && submission.action === 'delete' ? { tookOver: isSameSum(found, left) } : {};

/**
 * A plan that was only looked at, or that came to nothing, found items and did nothing to them. Whatever was begun is carried out to its
 * end, even if that end is "kept".
 */
function wasCarriedOut(record: RequestRecord, revision: number, tasks: readonly ReceiptTask[]): boolean {
  if (tasks.some((task) => settled(task.counts) > 0)) return true;
  const { action, dryRun } = record.submission;
  if (dryRun || revision < revisionOf(record)) return false;
  const { decision, plan } = record;
  return action === 'export' || (decision?.decision === 'approve' && decision.planHash === plan?.hash);
}

/**
 * Sums over what was carried out. What was done again counts once, as it ended; a revision that was planned anew finds again what an earlier one has
 * kept or been refused.
 */
export const totalsOf = (action: Action, revisions: readonly ReceiptRevision[]): Counts =>
  sumWithoutRepeats(action, tasksCarriedOut(revisions));

/** Tasks whose items don't each have exactly one final line, and ledgers that were changed after they were written, as sentences. */
export const faultsOf = (action: Action, revisions: readonly ReceiptRevision[]): string[] => [
  ...tasksCarriedOut(revisions).flatMap(
    (task) => identityFault(nameOf(task), task.counts, doesOf(action, task)) ?? [...keyFault(task), ...overFault(task)],
  ),
  ...revisions.flatMap(({ tasks }) => tasks).flatMap(alterationFault),
];

const nameOf = ({ taskId, family, target }: ReceiptTask): string => `Task ${taskId} (${family} on ${target})`;

/** Of an altered ledger not all lines were read: that is told by itself. */
const keyFault = (task: ReceiptTask): string[] =>
  task.ledger.settled || task.ledger.altered > 0
    ? []
    : [`${nameOf(task)}: the final lines are not those of the items that were found, each once.`];

const overFault = (task: ReceiptTask): string[] =>
  task.tookOver === false ? [`${nameOf(task)}: its items are not those that task ${task.again} left.`] : [];

function alterationFault(task: ReceiptTask): string[] {
  const { altered, results } = task.ledger;
  return altered === 0 ? [] : [`${nameOf(task)}: ${altered} of ${results} results are not what was committed.`];
}

const tasksCarriedOut = (revisions: readonly ReceiptRevision[]): ReceiptTask[] =>
  revisions.flatMap((revision) => (revision.carriedOut ? revision.tasks : []));
