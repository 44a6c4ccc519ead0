import { createHash } from 'node:crypto';
import type { SliceId } from '../domain/ids.ts';
import { addCounts, type Counts, countLine, NO_COUNTS, type ResultLine } from '../domain/ledger.ts';
import type { ChildSlice, SliceHeader } from '../domain/slice.ts';

/** Collects the lines of one slice, bounded by the slice's budget, and their sums. */
export class SliceResult {
  readonly lines: ResultLine[] = [];
  counts: Counts = NO_COUNTS;
  /** Characters of the lines so far, as JSON. */
  bytes = 0;
  private readonly keys: string[] = [];

  /** @param extra sums that the line alone doesn't tell, such as `found` for an item that an export saves. */
  add(line: ResultLine, extra: Partial<Counts> = {}): void {
    this.lines.push(line);
    this.bytes += JSON.stringify(line).length + 1;
    this.counts = addCounts(addCounts(this.counts, countLine(line)), { ...NO_COUNTS, ...extra });
    if (line.line === 'found') this.keys.push(line.key);
  }

  get items(): number {
    return this.counts.found;
  }

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  header(sliceId: SliceId, kind: string, children: readonly ChildSlice[]): SliceHeader {
    const keysDigest = createHash('sha256')
      .update([...this.keys].sort().join('\n'))
      .digest('hex');
    return {
      line: 'slice',
      v: 1,
      sliceId,
      kind,
      counts: this.counts,
      children: [...children],
      ...(this.keys.length > 0 ? { keysDigest } : {}),
    };
  }
}
