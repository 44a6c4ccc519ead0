import { familyNamed } from '../catalog/catalog.ts';
import type { RequestId, TaskId } from '../domain/ids.ts';
import { assertNever } from '../domain/never.ts';
import type { Phase } from '../domain/run.ts';
import type { SliceWork } from '../domain/slice.ts';
import { descend } from '../plan/places.ts';
import type { Dependencies } from './dependencies.ts';

/** The slice with which a phase of a task begins. */
export async function rootWork(
  deps: Dependencies,
  at: { requestId: RequestId; taskId: TaskId; phase: Phase },
): Promise<SliceWork> {
  switch (at.phase) {
    case 'export':
    case 'inventory': {
      const list = await deps.documents.readTasks(at.requestId, Number.parseInt(at.taskId, 10));
      const task = list?.tasks.find((candidate) => candidate.taskId === at.taskId);
      const target = task && deps.target(task.target);
      if (!task || !target) throw new Error(`Task ${at.taskId} of request ${at.requestId} or its target is unknown.`);
      const frontier = descend(familyNamed(task.family), target.version, 0, {});
      return { kind: 'walk', purpose: at.phase, frontier };
    }
    case 'erase':
    case 'prove':
      return { kind: 'spread', into: at.phase };
    case 'package':
      return { kind: 'volume', number: 1, task: 0 };
    default:
      return assertNever(at.phase, 'phase');
  }
}
