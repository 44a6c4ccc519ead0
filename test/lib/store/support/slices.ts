import { mintRequestId, mintTaskId, type SliceId } from '../../../../src/lib/domain/ids.ts';
import { addCounts, countLine, NO_COUNTS, type ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { SliceHeader } from '../../../../src/lib/domain/slice.ts';

/** A task of a request that nothing is stored of yet. */
export const newTask = () => ({ requestId: mintRequestId(), taskId: mintTaskId(1, 3) });

/** The header that goes with these lines. */
export function headerOf(
  sliceId: SliceId,
  lines: readonly ResultLine[],
  change: Partial<SliceHeader> = {},
): SliceHeader {
  const counts = lines.map(countLine).reduce(addCounts, NO_COUNTS);
  return { line: 'slice', v: 1, sliceId, kind: 'walk', counts, children: [], ...change };
}

export const found = (key: string): ResultLine => ({ line: 'found', key, parameters: { id: key } });
