import type { EraseByCall } from '../../catalog/family.ts';
import { childSliceId, rootSliceId, type SliceId } from '../../domain/ids.ts';
import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import { assertNever } from '../../domain/never.ts';
import type { WorkOf } from '../../domain/slice.ts';
import { parametersAt, parentPath } from '../../plan/places.ts';
import { hasWhole, parentDepth } from '../../plan/ways.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { SliceResult } from '../slice/result.ts';

type Answer = Pick<AttemptLine, 'answer' | 'reason'>;

/** The slice that erases all of a family's items under one parent; there is no other for that parent. */
export const clearSliceId = (parent: string): SliceId => childSliceId('clear', rootSliceId('clear'), parent);

/**
 * Erases all items under one parent by one call, which is made once: if its answer is lost, the items go by their ids. What came after
 * the second look was approved by nobody, and a second call would take that too.
 */
export async function clear(context: SliceContext, work: WorkOf<'clear'>): Promise<SliceOutcome> {
  const result = new SliceResult();
  const key = `${encodeURIComponent(context.family.family)}/${work.parent}`;
  result.add({ line: 'attempt', key, ...(await answerOf(context, work.parent)) });
  return { kind: 'done', result, children: [] };
}

async function answerOf(context: SliceContext, parent: string): Promise<Answer> {
  const { erase } = context.family;
  if (context.facts.marked) return { answer: 'unknown', reason: 'The call was begun, and its answer was lost.' };
  if (context.settling !== undefined) return { answer: 'not-attempted', reason: context.settling };
  if (erase.by !== 'call' || !hasWhole(erase, context.target))
    return { answer: 'not-attempted', reason: 'This version of the service has no such call.' };
  // Another delivery of the same message was faster: its result counts, and its call is not made again.
  if (await context.deps.slices.readHeader(context.ref)) return { answer: 'unknown' };
  await context.mark();
  return call(context, erase, parent);
}

async function call(context: SliceContext, way: EraseByCall, parent: string): Promise<Answer> {
  const verdict = await context.deps.upstream.send(context.target, {
    operation: way.operation,
    parameters: parametersAt(context.family, parent),
    query: way.whole?.query ?? {},
  });
  switch (verdict.kind) {
    case 'ok':
      return { answer: 'accepted' };
    case 'absent':
      return { answer: 'missing' };
    case 'busy':
      return { answer: 'unknown', reason: verdict.reason };
    case 'refused':
      return { answer: 'not-attempted', reason: verdict.reason };
    default:
      return assertNever(verdict, 'verdict');
  }
}

/** What became of the parents of some items: what was answered to the call for all at once. */
export type Cleared = (item: FoundLine) => AttemptLine | undefined;

/** Reads the answers for the parents of some items; none where items don't go all at once. */
export async function clearedParents(context: SliceContext, items: readonly FoundLine[]): Promise<Cleared> {
  const answers = new Map<string, AttemptLine>();
  if (context.task.way !== 'whole') return () => undefined;
  const depth = parentDepth(context.task);
  const { requestId, taskId } = context.ref;
  for (const parent of new Set(items.map(({ key }) => parentPath(key, depth)))) {
    for await (const line of context.deps.slices.lines({ requestId, taskId, sliceId: clearSliceId(parent) })) {
      if (line.line === 'attempt') answers.set(parent, line);
    }
  }
  return (item) => answers.get(parentPath(item.key, depth));
}
