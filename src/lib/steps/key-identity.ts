import type { Counts, ResultLine } from '../domain/ledger.ts';
import { addKey, isSameSum, type KeySum, NO_KEYS } from '../domain/sums.ts';

/**
 * Whether the items with a final line are the very items that were found, each as often. What is kept are two sums of digests, whatever
 * the number of items: two sums that agree by chance are out of the question. That none comes twice is for others to see.
 */
export class KeyIdentity {
  found: KeySum = NO_KEYS;
  private ended: KeySum = NO_KEYS;

  /** @param counts of the result in which the line stands: one that finds items and settles them tells of each but once. */
  add(line: ResultLine, counts: Counts): void {
    if (line.line === 'found') this.found = addKey(this.found, line.key);
    if (line.line !== 'item') return;
    this.ended = addKey(this.ended, line.key);
    if (counts.found > 0) this.found = addKey(this.found, line.key);
  }

  holds(): boolean {
    return isSameSum(this.found, this.ended);
  }
}
