import { describe, expect, it } from 'vitest';
import { childSliceId, rootSliceId } from '../../../../src/lib/domain/ids.ts';
import type { ChildSlice } from '../../../../src/lib/domain/slice.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { finish } from '../../../../src/lib/steps/rounds/finish-slice.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { opened, prepare } from '../support/prepared.ts';
import { useStage } from '../support/use-stage.ts';

const here = useStage({ world: { resources: [{ projects: 0 }] } });
const raise = async (): Promise<void> => undefined;

/** A slice that left one to be done: committed, not finished yet. */
async function leftOne() {
  const { deps } = here.stage;
  const at = await prepare(here.stage, 'cv-tags');
  const work = { kind: 'walk' as const, purpose: 'export' as const, frontier: [] };
  const parent = await opened(here.stage, at, { sliceId: rootSliceId('export'), work });
  const child: ChildSlice = { sliceId: childSliceId('export', parent.sliceId, 0), work };
  const header = new SliceResult().header(parent.sliceId, 'walk', [child]);
  await deps.slices.commit(parent, header, []);
  return { deps, at, child, given: { message: parent, header, raise } };
}

describe('Finishing a slice', () => {
  it('beside another delivery of its message leaves nothing open that is done', async () => {
    const { deps, at, child, given } = await leftOne();
    const itself = at.message(child.sliceId);

    // Just before this delivery opens the child, the other one has opened it, and it was worked on to its end.
    const beside: Dependencies = {
      ...deps,
      slices: {
        ...deps.slices,
        open: async (...slice) => {
          await finish(deps, given);
          await deps.slices.commit(itself, new SliceResult().header(child.sliceId, 'walk', []), []);
          await deps.slices.close(itself);
          await deps.slices.open(...slice);
        },
      },
    };
    await finish(beside, given);
    expect(await deps.slices.listOpen(at.requestId, at.taskId, 10)).toEqual({ slices: [], more: false });
  });

  it('opens what is still to be done and leaves it open', async () => {
    const { deps, at, child, given } = await leftOne();
    await finish(deps, given);
    const { slices } = await deps.slices.listOpen(at.requestId, at.taskId, 10);
    expect(slices.map(({ sliceId }) => sliceId)).toEqual([child.sliceId]);
  });
});
