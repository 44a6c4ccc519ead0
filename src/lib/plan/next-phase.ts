import { familyNamed } from '../catalog/catalog.ts';
import type { TaskId } from '../domain/ids.ts';
import { erasing, type Task } from '../domain/plan.ts';

/** Tasks to be worked on together. */
export interface PhaseOfTasks {
  readonly phase: 'recheck' | 'erase' | 'prove';
  readonly stage: number;
  readonly taskIds: TaskId[];
}

/**
 * The order of an erasure: stage after stage. In each first the inventory of what goes along with something is taken again, then come the
 * calls, then, while nothing is being deleted, the proofs. What comes after `done`; undefined when all stages are through.
 */
export function nextErasePhase(
  all: readonly Task[],
  done?: { readonly phase: string; readonly stage: number },
): PhaseOfTasks | undefined {
  const tasks = erasing(all);
  const stages = [...new Set(tasks.map((task) => task.stage))].sort((a, b) => a - b);
  const order = stages.flatMap((stage) => {
    const here = tasks.filter((task) => task.stage === stage);
    const ids = (some: readonly Task[]) => some.map((task) => task.taskId);
    const called = here.filter((task) => task.way === 'call');
    return [
      { phase: 'recheck' as const, stage, taskIds: ids(tasks.filter((task) => goesWithOneOf(called, task))) },
      { phase: 'erase' as const, stage, taskIds: ids(called) },
      { phase: 'prove' as const, stage, taskIds: ids(here) },
    ];
  });
  const position = done ? order.findIndex((entry) => entry.phase === done.phase && entry.stage === done.stage) : -1;
  return order.slice(position + 1).find((entry) => entry.taskIds.length > 0);
}

function goesWithOneOf(called: readonly Task[], task: Task): boolean {
  const { erase } = familyNamed(task.family);
  return (
    erase.by === 'parent' && called.some((parent) => parent.target === task.target && parent.family === erase.family)
  );
}
