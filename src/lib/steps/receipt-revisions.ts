import { addCounts, type Counts, identityFault, NO_COUNTS, settled } from '../domain/ledger.ts';
import type { ReceiptRevision, ReceiptTask } from '../domain/receipt.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { Dependencies } from './dependencies.ts';
import { allGrounds } from './receipt-grounds.ts';
import { receiptTask } from './receipt-task.ts';
import { revisionOf } from './tasks.ts';

/** The tasks of every revision of the plan. A revision that was never made has none. */
export async function receiptRevisions(deps: Dependencies, record: RequestRecord): Promise<ReceiptRevision[]> {
  const { requestId } = record;
  const left = allGrounds();
  const revisions: ReceiptRevision[] = [];
  for (let revision = 1; revision <= revisionOf(record); revision += 1) {
    const list = await deps.documents.readTasks(requestId, revision);
    const tasks: ReceiptTask[] = [];
    for (const task of list?.tasks ?? []) tasks.push(await receiptTask(deps, { requestId, task }, left));
    revisions.push({ revision, carriedOut: wasCarriedOut(record, revision, tasks), tasks });
  }
  return revisions;
}

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

/** Sums over what was carried out. A later revision finds again what an earlier one has kept or been refused. */
export const totalsOf = (revisions: readonly ReceiptRevision[]): Counts =>
  tasksCarriedOut(revisions).reduce((sum, task) => addCounts(sum, task.counts), NO_COUNTS);

/** Tasks whose items don't each have exactly one final line, and ledgers that were changed after they were written, as sentences. */
export const faultsOf = (revisions: readonly ReceiptRevision[]): string[] => [
  ...tasksCarriedOut(revisions).flatMap((task) => identityFault(nameOf(task), task.counts) ?? keyFault(task)),
  ...revisions.flatMap(({ tasks }) => tasks).flatMap(alterationFault),
];

const nameOf = ({ taskId, family, target }: ReceiptTask): string => `Task ${taskId} (${family} on ${target})`;

/** Of an altered ledger not all lines were read: that is told by itself. */
const keyFault = (task: ReceiptTask): string[] =>
  task.ledger.settled || task.ledger.altered > 0
    ? []
    : [`${nameOf(task)}: the final lines are not those of the items that were found, each once.`];

function alterationFault(task: ReceiptTask): string[] {
  const { altered, results } = task.ledger;
  return altered === 0 ? [] : [`${nameOf(task)}: ${altered} of ${results} results are not what was committed.`];
}

const tasksCarriedOut = (revisions: readonly ReceiptRevision[]): ReceiptTask[] =>
  revisions.flatMap((revision) => (revision.carriedOut ? revision.tasks : []));
