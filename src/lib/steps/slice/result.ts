import { createHash } from 'node:crypto';
import { isOfPhase, type SliceId } from '../../domain/ids.ts';
import { addCounts, type Counts, countLine, NO_COUNTS, type ResultLine } from '../../domain/ledger.ts';
import type { ChildSlice, SliceHeader } from '../../domain/slice.ts';
import { addKey, type KeySum, NO_KEYS } from '../../domain/sums.ts';
import { parentPath } from '../../plan/places.ts';

/** Other people whom one slice counts one by one. */
const MOST_OTHERS = 1000;

/** Shared items that a plan names one by one. */
export const MOST_SHARED = 100;

/** Collects the lines of one slice, bounded by the slice's budget, and their sums. */
export class SliceResult {
  readonly lines: ResultLine[] = [];
  counts: Counts = NO_COUNTS;
  /** Characters of the lines so far, as JSON. */
  bytes = 0;
  private readonly keys: string[] = [];
  private readonly parents = new Map<string, KeySum>();
  private readonly others = new Set<string>();
  private readonly shared: string[] = [];
  private readonly parentDepth: number;

  /** @param parentDepth levels of the parent with which items go; 0: they don't. */
  constructor(parentDepth = 0) {
    this.parentDepth = parentDepth;
  }

  /** @param extra sums that the line alone doesn't tell, such as `found` for an item that an export saves. */
  add(line: ResultLine, extra: Partial<Counts> = {}): void {
    this.lines.push(line);
    this.bytes += JSON.stringify(line).length + 1;
    this.counts = addCounts(addCounts(this.counts, countLine(line)), { ...NO_COUNTS, ...extra });
    if (line.line !== 'found') return;
    this.sumUp(line.key);
    // One more than are named: then it is known that there are more.
    if (line.others !== undefined && this.shared.length <= MOST_SHARED) this.shared.push(line.key);
  }

  /** Takes a key into the sums of what was found. */
  sumUp(key: string): void {
    this.keys.push(key);
    if (this.parentDepth === 0) return;
    const parent = parentPath(key, this.parentDepth);
    this.parents.set(parent, addKey(this.parents.get(parent) ?? NO_KEYS, key));
  }

  /** Other people whom items name: kept as they are only while the slice works. */
  noteOthers(others: ReadonlySet<string>): void {
    for (const other of others) if (this.others.size < MOST_OTHERS) this.others.add(other);
  }

  get items(): number {
    return Math.max(this.counts.found, this.keys.length);
  }

  get isEmpty(): boolean {
    return this.lines.length === 0 && this.keys.length === 0;
  }

  header(sliceId: SliceId, kind: string, children: readonly ChildSlice[]): SliceHeader {
    const keysDigest = createHash('sha256')
      .update([...this.keys].sort().join('\n'))
      .digest('hex');
    const unread = isOfPhase(sliceId, 'people') ? this.counts.gaps : 0;
    return {
      line: 'slice',
      v: 1,
      sliceId,
      kind,
      counts: { ...this.counts, gaps: this.counts.gaps - unread },
      ...(unread > 0 ? { unread } : {}),
      children: [...children],
      ...(this.keys.length > 0 ? { keysDigest } : {}),
      ...(this.shared.length > 0 ? { shared: [...this.shared] } : {}),
      ...(this.parents.size > 0 ? { parents: Object.fromEntries(this.parents) } : {}),
    };
  }
  /** The people of `noteOthers` as a header may hold them. @param pseudonym turns what names a person into a keyed digest. */
  othersAs(pseudonym: (person: string) => string): Pick<SliceHeader, 'others'> {
    return this.others.size > 0 ? { others: [...this.others].map(pseudonym).sort() } : {};
  }
}
