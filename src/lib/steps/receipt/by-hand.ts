import type { Receipt, ReceiptRevision } from '../../domain/receipt.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { byHandOf } from '../request/make-plan.ts';
import { survivorsOf } from '../request/survivors.ts';

/** What only a person can erase, with the sentence of the source: families by hand, what lies outside all families, what survived. */
export async function receiptByHand(
  deps: Dependencies,
  record: RequestRecord,
  revisions: readonly ReceiptRevision[],
): Promise<Receipt['byHand']> {
  if (record.submission.action !== 'delete') return [];
  const all = revisions.flatMap(({ tasks }) => tasks);
  const survived = await survivorsOf(deps, record, { tasks: all, which: 'erased' });
  return [...byHandOf(deps, record, revisions.at(-1)?.tasks ?? []), ...survived];
}
