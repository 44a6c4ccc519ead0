import { isSealTask } from '../../domain/ids.ts';
import type { Counts } from '../../domain/ledger.ts';
import type { OpenRoundInput } from '../../domain/run.ts';
import type { SliceMessage } from '../../domain/slice.ts';
import type { MetricAttributes } from '../../domain/telemetry.ts';
import type { Dependencies } from '../dependencies.ts';
import { taskOf } from '../tasks.ts';
import { tellCounts } from './told-slice.ts';

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

/** Tells what a slice that was given up has come to. Nobody works on it, so where it would have worked is looked up. */
export async function tellGivenUp(deps: Dependencies, slice: SliceMessage, counts: Counts): Promise<void> {
  if (deps.telemetry.listens) tellCounts(deps.telemetry, await placeOf(deps, slice), counts);
}

async function placeOf(deps: Dependencies, at: Pick<SliceMessage, 'requestId' | 'taskId'>): Promise<MetricAttributes> {
  if (isSealTask(at.taskId)) return {};
  const { family, target } = await taskOf(deps, at);
  return { 'dsr.family': family, 'dsr.target': target };
}
