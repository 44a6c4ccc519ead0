import { familyNamed } from '../../catalog/catalog.ts';
import type { RequestId, TaskId } from '../../domain/ids.ts';
import { assertNever } from '../../domain/never.ts';
import type { Phase } from '../../domain/run.ts';
import type { SliceWork } from '../../domain/slice.ts';
import { versionOf } from '../../domain/target.ts';
import { descend } from '../../plan/places.ts';
import type { Dependencies } from '../dependencies.ts';
import { registeredTarget, taskOf } from '../tasks.ts';

/** The slice with which a phase of a task begins. */
export async function rootWork(
  deps: Dependencies,
  at: { requestId: RequestId; taskId: TaskId; phase: Phase },
): Promise<SliceWork> {
  switch (at.phase) {
    case 'export':
    case 'inventory':
    case 'people':
    case 'recheck': {
      const task = await taskOf(deps, at);
      if (at.phase === 'inventory' && task.again !== undefined) return { kind: 'spread', into: 'left' };
      const target = registeredTarget(deps, task.target);
      const frontier = descend({ family: familyNamed(task.family), version: versionOf(target) }, 0, {});
      return { kind: 'walk', purpose: at.phase, frontier };
    }
    case 'clear':
      return { kind: 'parents' };
    case 'erase':
    case 'prove':
      return { kind: 'spread', into: at.phase };
    case 'package':
      return { kind: 'volume', number: 1, task: 0 };
    default:
      return assertNever(at.phase, 'phase');
  }
}
