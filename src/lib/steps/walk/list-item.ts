import type { Survives } from '../../catalog/family.ts';
import type { FoundLine } from '../../domain/ledger.ts';
import { isOlder } from '../../plan/age.ts';
import { managedGroups } from '../../plan/managed-groups.ts';
import { readItem } from '../export/parts.ts';
import { looksForPersons, whoseIs } from '../export/whose.ts';
import type { SliceContext } from '../slice/context.ts';
import type { Taken, Taking } from '../slice/take-items.ts';
import { type Item, type Purpose, sharedWith } from '../slice/visit.ts';

/**
 * Takes the inventory: writes down what is there and nothing of what it says. Taken again, or only for the people in it, nothing but sums
 * is kept; taken again it covers everything, whoever's: what came since must not go unseen.
 */
export function listing(context: SliceContext, purpose: Exclude<Purpose, 'export'>): Taking {
  const looks = purpose !== 'recheck' && looksForPersons(context);
  const survives = purpose === 'inventory' ? namedSurvivors(context) : undefined;
  const giveUp = (item: Item, reason: string): Taken => {
    // What withholds its document only goes unnamed.
    if (!looks) return noted(item, purpose, 0);
    const place = `${context.family.family}: item ${item.index} of a page`;
    return { kind: 'lines', lines: [{ line: 'gap', place, reason }] };
  };
  return {
    width: looks || survives ? context.deps.limits.sliceDownloads : Number.MAX_SAFE_INTEGER,
    async take(listed) {
      if (isTooYoung(context, listed)) return { kind: 'skipped' };
      if (!looks) return survives ? withSurvivors(context, survives, listed) : noted(listed, purpose, 0);
      const whose = await whoseIs(context, listed);
      if (whose.kind === 'busy') return whose;
      const { subject, others, unread } = whose;
      if (context.record.submission.scope === 'target') return { ...noted(listed, purpose, 0), others };
      if (!subject && unread !== undefined) return giveUp(listed, unread);
      return subject ? noted(listed, purpose, others.size + sharedWith(context, listed)) : { kind: 'skipped' };
    },
    giveUp,
  };
}

const namedSurvivors = ({ family, task }: SliceContext): Survives | undefined =>
  task.way === 'call' ? family.infrastructure?.survives : undefined;

/** An item whose document names what stays when it is deleted, while it can be read. Where it can't, plan and receipt name none. */
async function withSurvivors(context: SliceContext, survives: Survives, listed: Item): Promise<Taken> {
  const read = await readItem(context, listed);
  if (read.kind === 'busy') return read;
  const groups = read.kind === 'ok' ? managedGroups(read.item.document, survives) : [];
  return { kind: 'lines', lines: [{ ...foundLine(listed, 0), ...(groups.length > 0 ? { survives: groups } : {}) }] };
}

/** A retention policy's request is about what is old, and about nothing else. */
const isTooYoung = ({ family, record: { policy } }: SliceContext, item: Item): boolean =>
  policy !== undefined && !isOlder(family, item.document, new Date(policy.before));

type Noted = Extract<Taken, { kind: 'sum' | 'lines' }>;

const noted = (item: Item, purpose: Purpose, others: number): Noted =>
  purpose === 'inventory' ? { kind: 'lines', lines: [foundLine(item, others)] } : { kind: 'sum', key: item.key };

const foundLine = (item: Item, others: number): FoundLine => ({
  line: 'found',
  key: item.key,
  parameters: { ...item.parameters },
  ...(others > 0 ? { others } : {}),
});
