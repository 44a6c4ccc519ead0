import type { Receipt, ReceiptRevision } from '../domain/receipt.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { Dependencies } from './dependencies.ts';
import { byHandOf } from './make-plan.ts';
import { survivorsOf } from './survivors.ts';

/** What only a person can erase, with the sentence of the source: families by hand, what lies outside all families, what survives. */
export function receiptByHand(
  deps: Dependencies,
  record: RequestRecord,
  latest: ReceiptRevision | undefined,
): Receipt['byHand'] {
  if (record.submission.action !== 'delete') return [];
  const tasks = latest?.tasks ?? [];
  return [...byHandOf(deps, record, tasks), ...survivorsOf(tasks)];
}
