import { assertNever } from '../../domain/never.ts';
import type { SliceWork } from '../../domain/slice.ts';
import { clear } from '../erase/clear.ts';
import { erase } from '../erase/erase.ts';
import { compareParents } from '../erase/parents.ts';
import { prove } from '../erase/prove.ts';
import { takeOver } from '../redrive/left.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { spread } from '../slice/spread.ts';
import { walk } from '../walk/walk.ts';

/** The work of a slice of a family, by its kind. */
export function workOn(
  context: SliceContext,
  work: Exclude<SliceWork, { kind: 'volume' | 'manifest' }>,
): Promise<SliceOutcome> {
  switch (work.kind) {
    case 'walk':
      return walk(context, work);
    case 'spread':
      return spread(context, work);
    case 'left':
      return takeOver(context, work);
    case 'parents':
      return compareParents(context);
    case 'clear':
      return clear(context, work);
    case 'erase':
      return erase(context, work);
    case 'prove':
      return prove(context, work);
    default:
      return assertNever(work, 'kind of slice');
  }
}
