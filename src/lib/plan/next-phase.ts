import type { TaskId } from '../domain/ids.ts';
import { erasing, type Task } from '../domain/plan.ts';
import { parentOf } from './ways.ts';

/** Tasks to be worked on together. */
export interface PhaseOfTasks {
  readonly phase: 'recheck' | 'clear' | 'erase' | 'prove';
  readonly stage: number;
  readonly taskIds: TaskId[];
}

/**
 * The order of an erasure on one target: stage after stage. In each first the inventory of what goes along with something, or all at once, is taken
 * again, then come the calls for all at once, then the calls for each item, then, while nothing is being deleted, the proofs. What comes after `done`; undefined when all stages are through.
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
    const whole = here.filter((task) => task.way === 'whole');
    const called = here.filter((task) => task.way === 'call' || task.way === 'whole');
    const again = tasks.filter((task) => whole.includes(task) || goesWithOneOf(called, task));
    return [
      { phase: 'recheck' as const, stage, taskIds: ids(again) },
      { phase: 'clear' as const, stage, taskIds: ids(whole) },
      { phase: 'erase' as const, stage, taskIds: ids(called) },
      { phase: 'prove' as const, stage, taskIds: ids(here) },
    ];
  });
  const position = done ? order.findIndex((entry) => entry.phase === done.phase && entry.stage === done.stage) : -1;
  return order.slice(position + 1).find((entry) => entry.taskIds.length > 0);
}

function goesWithOneOf(called: readonly Task[], task: Task): boolean {
  const family = parentOf(task);
  return called.some((parent) => parent.target === task.target && parent.family === family);
}
