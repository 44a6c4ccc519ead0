import { isSealTask } from '../../domain/ids.ts';
import type { OpenRoundInput } from '../../domain/run.ts';
import type { SpanAttributes } from '../../domain/telemetry.ts';
import type { Dependencies } from '../dependencies.ts';
import { taskOf } from '../tasks.ts';

/** Tells of one phase of a task that is over, as a span from its first round on. */
export async function tellTask(deps: Dependencies, input: OpenRoundInput, began: string): Promise<void> {
  if (!deps.telemetry.listens) return;
  const { requestId, taskId, run, phase } = input;
  deps.telemetry.period({
    name: 'dsr.task',
    requestId,
    attributes: { 'dsr.run': run, 'dsr.task.id': taskId, 'dsr.phase': phase, ...(await placeOf(deps, input)) },
    from: new Date(began),
    to: deps.clock.now(),
  });
}

async function placeOf(deps: Dependencies, input: OpenRoundInput): Promise<SpanAttributes> {
  if (isSealTask(input.taskId)) return {};
  const { family, target } = await taskOf(deps, input);
  return { 'dsr.family': family, 'dsr.target': target };
}
