import { editionOf, receiptName } from '../../domain/edition.ts';
import { addCounts, type Counts, NO_COUNTS } from '../../domain/ledger.ts';
import { receiptSchema } from '../../domain/receipt.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { revisionOf } from '../tasks.ts';
import type { SweepDependencies } from './sweep.ts';

/** The sums that stay of a request: its receipt's; where it ended without one, those that its rounds left. */
export async function totalsOf(deps: SweepDependencies, record: RequestRecord): Promise<Counts> {
  const { requestId } = record;
  const receipt = await deps.documents.read({ requestId, name: receiptName(editionOf(record), 'json') }, receiptSchema);
  if (receipt) return receipt.totals;
  const list = await deps.documents.readTasks(requestId, revisionOf(record));
  let sum = NO_COUNTS;
  for (const { taskId } of list?.tasks ?? []) {
    const progress = await deps.rounds.readProgress(requestId, taskId);
    sum = addCounts(sum, progress?.counts ?? NO_COUNTS);
  }
  return sum;
}
