import type { Receipt } from '../../../src/lib/domain/receipt.ts';
import type { TaskLedger } from './account.ts';

/** How many items of each family had which outcome, in the last revision of the plan. */
export function outcomesByFamily(ledgers: readonly TaskLedger[]): Record<string, Record<string, number>> {
  const last = Math.max(...ledgers.map(({ revision }) => revision));
  const counts: Record<string, Record<string, number>> = {};
  for (const { family, revision, items } of ledgers) {
    if (revision !== last) continue;
    const own = counts[family] ?? {};
    for (const { outcome } of items) own[outcome] = (own[outcome] ?? 0) + 1;
    counts[family] = own;
  }
  return counts;
}

/** Levels of the proofs for each family, of all revisions. */
export const proofsByFamily = ({ revisions }: Receipt): Record<string, string[]> =>
  Object.fromEntries(
    revisions.flatMap(({ tasks }) => tasks.map(({ family, proofs }) => [family, Object.keys(proofs)])),
  );
