import { type Ground, type Grouped, OTHER_GROUNDS } from '../../domain/receipt.ts';

const SAMPLE_LINES = 20;
const MOST_OF_TASK = 200;
const MOST_OF_RECEIPT = 5000;

/** Grounds that a receipt may still list, over all its tasks: it must stay a document that a person can open. */
export interface GroundsLeft {
  listable: number;
}
export const allGrounds = (): GroundsLeft => ({ listable: MOST_OF_RECEIPT });

interface Group {
  items: number;
  readonly lines: string[];
}

/** Counts items by what became of them and why; what is in memory is bounded by grounds, not by items. */
export class GroundTally {
  private readonly groups: Readonly<Record<Grouped, Map<string, Group>>> = {
    kept: new Map(),
    refused: new Map(),
    absent: new Map(),
    gaps: new Map(),
  };
  private readonly left: GroundsLeft;
  private listed = 0;

  constructor(left: GroundsLeft) {
    this.left = left;
  }

  /** @param line where it stands in the ledger. */
  add(grouped: Grouped, ground: string, line: string): void {
    const group = this.groupFor(this.groups[grouped], ground);
    group.items += 1;
    if (group.lines.length < SAMPLE_LINES) group.lines.push(line);
  }

  private groupFor(groups: Map<string, Group>, ground: string): Group {
    const isListed = groups.has(ground) || this.list();
    const name = isListed ? ground : OTHER_GROUNDS;
    const group = groups.get(name) ?? { items: 0, lines: [] };
    groups.set(name, group);
    return group;
  }

  /** Takes one of the grounds that may be listed; false when there are none left. */
  private list(): boolean {
    if (this.listed >= MOST_OF_TASK || this.left.listable <= 0) return false;
    this.listed += 1;
    this.left.listable -= 1;
    return true;
  }

  /** Most frequent grounds first, then by their text. */
  result(): Record<Grouped, Ground[]> {
    const { kept, refused, absent, gaps } = this.groups;
    return { kept: inOrder(kept), refused: inOrder(refused), absent: inOrder(absent), gaps: inOrder(gaps) };
  }
}

const inOrder = (groups: ReadonlyMap<string, Group>): Ground[] =>
  [...groups]
    .map(([ground, { items, lines }]) => ({ ground, items, lines }))
    .sort((a, b) => b.items - a.items || (a.ground < b.ground ? -1 : 1));
