import type { EraseByCall } from '../../catalog/family.ts';
import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import type { Attempted } from '../slice/attempted.ts';
import type { SliceContext } from '../slice/context.ts';
import { sharedGround } from '../slice/visit.ts';
import { eraseBatch } from './batch.ts';
import type { Cleared } from './clear.ts';
import { eraseItem } from './item.ts';

/** One attempt at what goes together. `before`: an earlier slice has called for it. `begun`: something may have been carried out, now or before. */
export async function eraseGroup(
  context: SliceContext,
  { way, cleared }: { way: EraseByCall; cleared: Cleared },
  { group, before }: { group: readonly FoundLine[]; before: boolean },
): Promise<{ attempted: Attempted; begun: boolean }> {
  const stays = group[0]?.stays;
  if (stays !== undefined) return { attempted: leave(group, stays), begun: false };
  const shared = group.find((item) => item.others !== undefined)?.others;
  if (shared !== undefined) return { attempted: keepShared(group, shared), begun: false };
  const [first] = group;
  if (first === undefined) throw new Error('A group of items is never empty.');
  const answer = cleared(first);
  if (answer && isAnswered(answer)) return { attempted: answeredFor(group, answer), begun: false };
  const marked = context.facts.marked === true || before || answer?.answer === 'unknown' || first.attempted === true;
  let begun = marked;
  const mark = async (): Promise<void> => {
    begun = true;
    await context.mark();
  };
  const inner = { ...context, facts: { ...context.facts, marked }, mark };
  const attempted = way.batch ? await eraseBatch(inner, way, group) : await eraseItem(inner, way, first);
  return { attempted: marked ? rememberingBefore(attempted) : attempted, begun };
}

/** A call of an earlier try, slice or revision may yet be what made them go, though this one was refused or not made: the proof says. */
const rememberingBefore = (attempted: Attempted): Attempted =>
  attempted.kind === 'answered'
    ? {
        kind: 'answered',
        lines: attempted.lines.map(remembering),
      }
    : attempted;

const remembering = (line: AttemptLine): AttemptLine => {
  if (line.answer === 'refused') return { ...line, answer: 'unanswered' };
  return line.answer === 'drift' ? { ...line, attempted: true } : line;
};

/** The call for all at once was carried out, or found nothing; otherwise it goes by ids. */
export const isAnswered = ({ answer }: AttemptLine): boolean => answer === 'accepted' || answer === 'missing';

/** The line of one item of those that were called for all at once. */
export const lineOfAll = (item: FoundLine, { answer }: AttemptLine): AttemptLine => ({
  line: 'attempt',
  key: item.key,
  answer,
  ...(answer === 'accepted' ? { batch: true as const } : {}),
});

const answeredFor = (group: readonly FoundLine[], answer: AttemptLine): Attempted => ({
  kind: 'answered',
  lines: group.map((item) => lineOfAll(item, answer)),
});

/** Nobody asked for it to be tried again: what was refused before stays refused, unless it is gone by now. */
const leave = (group: readonly FoundLine[], reason: string): Attempted => ({
  kind: 'answered',
  lines: group.map((item) => ({
    line: 'attempt',
    key: item.key,
    answer: item.attempted ? 'unanswered' : 'refused',
    reason,
  })),
});

/** Not the subject's alone: erasing it would take other people's data along, which nobody has decided. */
const keepShared = (group: readonly FoundLine[], others: number): Attempted => ({
  kind: 'answered',
  lines: group.map((item) => ({
    line: 'attempt',
    key: item.key,
    answer: 'not-attempted',
    reason: sharedGround(others),
  })),
});

/** Items that one call takes: neighbours under one parent, at most as many as upstream allows. */
export function groups(way: EraseByCall, items: readonly FoundLine[]): FoundLine[][] {
  const size = way.batch?.size ?? 1;
  const all: FoundLine[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    const [head] = last ?? [];
    const alike = head !== undefined && kindOf(head) === kindOf(item);
    if (last && alike && last.length < size) last.push(item);
    else all.push([item]);
  }
  return all;
}

/** What the items of one call have in common. */
const kindOf = ({ key, others, attempted, stays }: FoundLine): string =>
  JSON.stringify([key.slice(0, key.lastIndexOf('/')), others, attempted, stays]);
