import { childSliceId } from '../../domain/ids.ts';
import type { ChildSlice, WorkOf } from '../../domain/slice.ts';
import type { SliceContext, SliceOutcome } from './context.ts';
import { SliceResult } from './result.ts';

/** Inventory slices that one spreading slice takes. */
const PAGE = 200;

/** Makes one slice for each slice of the inventory that found something. */
export async function spread(context: SliceContext, work: WorkOf<'spread'>): Promise<SliceOutcome> {
  const { requestId, sliceId } = context.ref;
  const taskId = (work.into === 'left' ? context.task.again : undefined) ?? context.ref.taskId;
  // What is taken over is the inventory of the task that does it again.
  const phase = work.into === 'left' ? 'inventory' : work.into;
  const page = await context.deps.slices.listDone({ requestId, taskId }, 'inventory', {
    limit: PAGE,
    marker: work.marker,
  });
  const children: ChildSlice[] = page.slices
    .filter((slice) => slice.counts.found > 0)
    .map((slice) => ({
      // Named after the inventory slice alone: a proof finds the attempts that belong to it.
      sliceId: childSliceId(phase, slice.sliceId, 0),
      work: { kind: work.into, inventory: slice.sliceId, from: 0 },
    }));
  if (page.marker !== undefined) {
    children.push({ sliceId: childSliceId(phase, sliceId, 'next'), work: { ...work, marker: page.marker } });
  }
  return { kind: 'done', result: new SliceResult(), children };
}
