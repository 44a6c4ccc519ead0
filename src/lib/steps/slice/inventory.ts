import type { SliceId } from '../../domain/ids.ts';
import { childSliceId } from '../../domain/ids.ts';
import type { AttemptLine, FoundLine, ResultLine } from '../../domain/ledger.ts';
import type { WorkOf } from '../../domain/slice.ts';
import type { SliceContext } from './context.ts';

/** The items of one inventory slice from `from` on, in the order in which they were found; bounded by the slice's budget. */
export async function inventoryItems(context: SliceContext, inventory: SliceId, from: number): Promise<FoundLine[]> {
  const { requestId, taskId } = context.ref;
  const items: FoundLine[] = [];
  let position = 0;
  for await (const line of context.deps.slices.lines({ requestId, taskId, sliceId: inventory })) {
    if (line.line !== 'found') continue;
    if (position >= from) items.push(line);
    position += 1;
  }
  return items;
}

/** The items that an erasing slice has to do with, by their position in the inventory slice: what goes on, and everything from `from` on. */
export async function openItems(context: SliceContext, work: WorkOf<'erase'>): Promise<Map<number, FoundLine>> {
  const positions = openPositions(work);
  const items = await inventoryItems(context, work.inventory, 0);
  return new Map([...items.entries()].filter(([position]) => positions(position)));
}

/** Which positions of its inventory slice an erasing slice still has to answer for. */
export function openPositions({
  from,
  goesOn = [],
}: Pick<WorkOf<'erase'>, 'from' | 'goesOn'>): (position: number) => boolean {
  const before = new Set(goesOn.map(({ at }) => at));
  return (position) => position >= from || before.has(position);
}

/** Links of a chain of erasing slices: one for each time that a slice's budget ended. */
const LONGEST_CHAIN = 10_000;

/** What was attempted on the items of one inventory slice, by key. Follows the erasing slice and those that went on with it. */
export async function attemptsOf(context: SliceContext, inventory: SliceId): Promise<Map<string, AttemptLine>> {
  const attempts = new Map<string, AttemptLine>();
  for await (const { line } of chainOf(context, childSliceId('erase', inventory, 0))) {
    if (line.line === 'attempt') attempts.set(line.key, line);
  }
  return attempts;
}

/** The lines of a slice and of those that went on with it, in order. */
export async function* chainOf(
  context: SliceContext,
  first: SliceId,
): AsyncGenerator<{ sliceId: SliceId; line: ResultLine }> {
  const { requestId, taskId } = context.ref;
  let sliceId: SliceId | undefined = first;
  for (let link = 0; sliceId !== undefined && link < LONGEST_CHAIN; link += 1) {
    const ref = { requestId, taskId, sliceId };
    const header = await context.deps.slices.readHeader(ref);
    if (!header) return;
    for await (const line of context.deps.slices.lines(ref)) yield { sliceId, line };
    sliceId = header.children[0]?.sliceId;
  }
}
