import type { EraseByCall } from '../catalog/family.ts';
import { childSliceId } from '../domain/ids.ts';
import type { AttemptLine, FoundLine } from '../domain/ledger.ts';
import type { WorkOf } from '../domain/slice.ts';
import type { Attempted } from './attempted.ts';
import { type Cleared, clearedParents } from './clear.ts';
import { eraseBatch } from './erase-batch.ts';
import { eraseItem } from './erase-item.ts';
import { inventoryItems } from './inventory.ts';
import { obstacleOf } from './obstacle.ts';
import { pollErasure } from './poll-erasure.ts';
import { patienceIsOver, type SliceContext, type SliceOutcome, timeIsUp } from './slice-context.ts';
import { SliceResult } from './slice-result.ts';

/**
 * Erases the items of one inventory slice: by ids from the stored inventory, never from a list read while deleting. Writes down what
 * upstream answered; the proof comes later and decides what became of each item.
 */
export async function erase(context: SliceContext, work: WorkOf<'erase'>): Promise<SliceOutcome> {
  const way = context.family.erase;
  const items = await inventoryItems(context, work.inventory, work.from);
  const obstacle = way.by === 'call' ? await obstacleOf(context) : 'It goes with its parent or by hand only.';
  if (way.by !== 'call' || obstacle !== undefined) return answerAll(items, { answer: 'refused', reason: obstacle });
  const cleared = await clearedParents(context, items);
  if (context.settling !== undefined) return answerSettled(context, work, { items, cleared });
  return eraseItems(context, work, { way, items, cleared });
}

async function eraseItems(
  context: SliceContext,
  work: WorkOf<'erase'>,
  of: { way: EraseByCall; items: readonly FoundLine[]; cleared: Cleared },
): Promise<SliceOutcome> {
  const result = new SliceResult();
  let done = 0;
  for (const group of groups(of.way, of.items, work.pollUrl !== undefined)) {
    if (done > 0 && (timeIsUp(context) || !(await context.wanted()))) return goOn(context, work, { result, done });
    const before = done > 0 ? {} : { begun: work.begun, pollUrl: work.pollUrl };
    const { attempted, begun } = await eraseGroup(context, of, { group, ...before });
    if (attempted.kind === 'begun') {
      return goOn(context, work, { result, done, notBefore: attempted.until, pollUrl: attempted.pollUrl });
    }
    if (attempted.kind === 'busy') {
      if (done > 0) return goOn(context, work, { result, done, notBefore: attempted.until, begun });
      if (!patienceIsOver(context, context.deps.limits.patienceSeconds)) {
        return { kind: 'wait', until: attempted.until, reason: attempted.reason };
      }
    }
    const lines = attempted.kind === 'busy' ? unanswered(group, { ...attempted, begun }) : attempted.lines;
    for (const line of lines) result.add(line);
    done += group.length;
  }
  return { kind: 'done', result, children: [] };
}

interface Group {
  readonly group: readonly FoundLine[];
  /** What earlier slices know of its deletion. */
  readonly begun?: boolean | undefined;
  readonly pollUrl?: string | undefined;
}

/** One attempt at what goes together. `begun`: something may have been carried out, now or before. */
async function eraseGroup(
  context: SliceContext,
  { way, cleared }: { way: EraseByCall; cleared: Cleared },
  { group, pollUrl, ...before }: Group,
): Promise<{ attempted: Attempted; begun: boolean }> {
  const stays = group[0]?.stays;
  if (stays !== undefined) return { attempted: leave(group, stays), begun: false };
  const shared = group.find((item) => item.others !== undefined)?.others;
  if (shared !== undefined) return { attempted: keepShared(group, shared), begun: false };
  const [first] = group;
  const answer = first && cleared(first);
  if (answer && isAnswered(answer)) return { attempted: answeredFor(group, answer), begun: false };
  const marked =
    context.facts.marked === true || before.begun === true || answer?.answer === 'unknown' || first?.attempted === true;
  let begun = marked || pollUrl !== undefined;
  const mark = async (): Promise<void> => {
    begun = true;
    await context.mark();
  };
  const attempted = await attempt({ ...context, facts: { ...context.facts, marked }, mark }, { way, pollUrl }, group);
  return { attempted, begun };
}

const attempt = (
  context: SliceContext,
  { way, pollUrl }: { way: EraseByCall; pollUrl: string | undefined },
  group: readonly FoundLine[],
): Promise<Attempted> => {
  const [first] = group;
  if (first === undefined) throw new Error('A group of items is never empty.');
  if (pollUrl !== undefined) return pollErasure(context, first, pollUrl);
  return way.batch ? eraseBatch(context, way, group) : eraseItem(context, way, first);
};

/** The call for all at once was carried out, or found nothing; otherwise it goes by ids. */
const isAnswered = ({ answer }: AttemptLine): boolean => answer === 'accepted' || answer === 'missing';

const answeredFor = (group: readonly FoundLine[], { answer }: AttemptLine): Attempted => ({
  kind: 'answered',
  lines: group.map((item) => ({ line: 'attempt', key: item.key, answer })),
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
    reason: `It concerns ${others} other ${others === 1 ? 'person' : 'people'} too.`,
  })),
});

/** Patience is over. What was called for may yet have been carried out; what was never called for was not. */
const unanswered = (group: readonly FoundLine[], at: { begun: boolean; reason: string }): AttemptLine[] =>
  group.map((item) => ({
    line: 'attempt',
    key: item.key,
    answer: at.begun ? 'unanswered' : 'refused',
    reason: at.reason,
  }));

/** Nothing may be begun any more. What an earlier attempt of this slice may have done is unknown until it is looked at. */
function answerSettled(
  context: SliceContext,
  work: WorkOf<'erase'>,
  { items, cleared }: { items: readonly FoundLine[]; cleared: Cleared },
): SliceOutcome {
  const result = new SliceResult();
  const way = context.family.erase;
  const together = work.begun && way.by === 'call' ? (way.batch?.size ?? 1) : work.pollUrl === undefined ? 0 : 1;
  for (const [index, item] of items.entries()) {
    const before = cleared(item);
    if (before && isAnswered(before)) {
      result.add({ line: 'attempt', key: item.key, answer: before.answer });
      continue;
    }
    const begun =
      context.facts.marked === true || index < together || before?.answer === 'unknown' || item.attempted === true;
    const answer = begun ? 'unknown' : 'not-attempted';
    result.add({
      line: 'attempt',
      key: item.key,
      answer,
      ...(context.settling === undefined ? {} : { reason: context.settling, left: true }),
    });
  }
  return { kind: 'done', result, children: [] };
}

function answerAll(items: readonly FoundLine[], answer: Pick<AttemptLine, 'answer' | 'reason'>): SliceOutcome {
  const result = new SliceResult();
  for (const item of items) result.add({ line: 'attempt', key: item.key, ...answer });
  return { kind: 'done', result, children: [] };
}

/** Items that one call takes: neighbours under one parent, at most as many as upstream allows. `firstAlone`: the first stands alone. */
function groups(way: EraseByCall, items: readonly FoundLine[], firstAlone: boolean): FoundLine[][] {
  const size = way.batch?.size ?? 1;
  const all: FoundLine[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    const [head] = last ?? [];
    const open = all.length > 1 || !firstAlone;
    const alike = head !== undefined && kindOf(head) === kindOf(item);
    if (open && last && alike && last.length < size) last.push(item);
    else all.push([item]);
  }
  return all;
}

/** What the items of one call have in common. */
const kindOf = ({ key, others, attempted, stays }: FoundLine): string =>
  JSON.stringify([key.slice(0, key.lastIndexOf('/')), others, attempted, stays]);

function goOn(
  context: SliceContext,
  work: WorkOf<'erase'>,
  at: { result: SliceResult; done: number; notBefore?: Date; begun?: boolean; pollUrl?: string },
): SliceOutcome {
  const child = {
    sliceId: childSliceId('erase', context.ref.sliceId, 'rest'),
    work: {
      kind: work.kind,
      inventory: work.inventory,
      from: work.from + at.done,
      ...(at.begun ? { begun: true } : {}),
      ...(at.pollUrl === undefined ? {} : { pollUrl: at.pollUrl }),
    },
    ...(at.notBefore ? { notBefore: at.notBefore.toISOString() } : {}),
  };
  return { kind: 'done', result: at.result, children: [child] };
}
