import { childSliceId } from '../../domain/ids.ts';
import type { ChildSlice, Place, WorkOf } from '../../domain/slice.ts';
import { parentDepth } from '../../plan/ways.ts';
import { patienceIsOver, type SliceContext, type SliceOutcome } from '../slice/context.ts';
import { type Missing, whatIsMissing } from '../slice/missing.ts';
import { SliceResult } from '../slice/result.ts';
import { isSpent, placeName, type Visit } from '../slice/visit.ts';
import { walkLevel } from './level.ts';
import { walkList } from './list.ts';

/** Places that one continuation slice takes over: few, so that many places are worked on side by side. */
const PLACES_PER_SLICE = 10;

/**
 * Reads the upstream tree from the places of `work` on, until all is read or the slice's budget is used. Export and inventory take the
 * same way; they differ in what they write down.
 */
export async function walk(context: SliceContext, work: WorkOf<'walk'>): Promise<SliceOutcome> {
  if (context.settling !== undefined) return giveUp(context, work, context.settling);
  const result = new SliceResult(parentDepth(context.task));
  const missing = whatIsMissing(context);
  if (missing !== undefined) return nothingToAsk(context, work, missing);
  const frontier: Place[] = [...work.frontier];
  while (frontier.length > 0 && !isSpent(context, result)) {
    const place = frontier.pop();
    if (!place) break;
    const visit = await visitPlace(context, work, { place, result });
    if (visit.busy) {
      const rest = [...frontier, ...visit.next];
      return result.isEmpty && isSame(rest, work.frontier)
        ? waitOrGiveUp(context, work, visit.busy)
        : leave(context, work, { result, frontier: rest, notBefore: visit.busy.until });
    }
    frontier.push(...visit.next);
  }
  return leave(context, work, { result, frontier });
}

function visitPlace(
  context: SliceContext,
  work: WorkOf<'walk'>,
  at: { place: Place; result: SliceResult },
): Promise<Visit> {
  return at.place.step < context.family.within.length
    ? walkLevel(context, work.purpose, at)
    : walkList(context, work.purpose, at);
}

/** Nothing can be asked for: an export says so in one line; an inventory has nothing to list. */
function nothingToAsk(context: SliceContext, work: WorkOf<'walk'>, missing: Missing): SliceOutcome {
  const result = new SliceResult();
  if (work.purpose === 'export') {
    result.add(
      { line: 'item', key: context.family.family, outcome: missing.outcome, reason: missing.ground },
      { found: 1 },
    );
  }
  return { kind: 'done', result, children: [] };
}

/** No progress at all: the same places in the same positions. */
const isSame = (a: readonly Place[], b: readonly Place[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function waitOrGiveUp(
  context: SliceContext,
  work: WorkOf<'walk'>,
  busy: { until: Date; reason: string },
): SliceOutcome {
  const place = work.frontier.at(-1);
  if (!place || !patienceIsOver(context, context.deps.limits.patienceSeconds)) {
    return { kind: 'wait', until: busy.until, reason: busy.reason };
  }
  // The place that withholds itself is given up. The others behind it were not asked yet: each goes on by itself.
  const result = new SliceResult();
  const reason = `Upstream kept answering "later": ${busy.reason}`;
  result.add({ line: 'gap', place: placeName(context, place), reason });
  return leave(context, work, { result, frontier: work.frontier.slice(0, -1), placesPerSlice: 1 });
}

/** What could not be read is said, place by place; nothing may then claim to be complete. */
function giveUp(context: SliceContext, work: WorkOf<'walk'>, reason: string): SliceOutcome {
  const result = new SliceResult();
  for (const place of work.frontier) result.add({ line: 'gap', place: placeName(context, place), reason });
  return { kind: 'done', result, children: [] };
}

function leave(
  context: SliceContext,
  work: WorkOf<'walk'>,
  left: { result: SliceResult; frontier: readonly Place[]; notBefore?: Date; placesPerSlice?: number },
): SliceOutcome {
  const children: ChildSlice[] = [];
  const size = left.placesPerSlice ?? PLACES_PER_SLICE;
  for (let from = 0; from < left.frontier.length; from += size) {
    const part: WorkOf<'walk'> = { ...work, frontier: left.frontier.slice(from, from + size) };
    children.push({
      sliceId: childSliceId(work.purpose, context.ref.sliceId, children.length),
      work: part,
      ...(left.notBefore ? { notBefore: left.notBefore.toISOString() } : {}),
    });
  }
  return { kind: 'done', result: left.result, children };
}
