import type { InvocationContext } from '@azure/functions';
import { app as durable, RetryOptions } from 'durable-functions';
import { FAMILIES, familyQueue } from '../lib/catalog/catalog.ts';
import {
  type AdvanceInput,
  advanceInputSchema,
  type Next,
  type OpenedRound,
  type OpenRoundInput,
  openRoundInputSchema,
} from '../lib/domain/run.ts';
import { SEAL_QUEUE } from '../lib/steps/queue-names.ts';
import { openRound } from '../lib/steps/rounds/open-round.ts';
import { advance } from '../lib/steps/runs/advance.ts';
import { fulfilRequest, ORCHESTRATORS, runLane, runRound, runTask } from '../lib/workflow/orchestrators.ts';
import { firstThroughOutput, outputsTo } from './queue-outputs.ts';
import { traced } from './traced.ts';

/** Activities are tried again when they throw: storage that is away for a while doesn't end a run. */
function retry(): RetryOptions {
  const options = new RetryOptions(2000, 6);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 60_000;
  return options;
}

function advanceWithin(context: InvocationContext, input: AdvanceInput): Promise<Next> {
  const attributes = { 'dsr.request.id': input.requestId, 'dsr.run': input.run };
  return traced(context, { name: 'dsr.advance', attributes }, async (deps) => {
    const next = await advance(deps, input);
    deps.telemetry.note(
      next.kind === 'tasks' ? { 'dsr.outcome': next.kind, 'dsr.phase': next.phase } : { 'dsr.outcome': next.kind },
    );
    return next;
  });
}

/** Of all that a round may send, the first leaves through one of these. */
const toSlices = outputsTo([...FAMILIES.map(familyQueue), SEAL_QUEUE]);

function openWithin(context: InvocationContext, input: OpenRoundInput): Promise<OpenedRound> {
  const { requestId, run, taskId, phase } = input;
  const attributes = { 'dsr.request.id': requestId, 'dsr.run': run, 'dsr.task.id': taskId, 'dsr.phase': phase };
  return traced(context, { name: 'dsr.round', attributes }, async (deps) => {
    const queues = firstThroughOutput(deps.queues, { outputs: toSlices, context });
    const opened = await openRound({ ...deps, queues }, input);
    deps.telemetry.note({ 'dsr.outcome': opened.kind });
    return opened;
  });
}

export function registerOrchestrations(): void {
  durable.orchestration(ORCHESTRATORS.run, fulfilRequest(retry()));
  durable.orchestration(ORCHESTRATORS.lane, runLane(retry()));
  durable.orchestration(ORCHESTRATORS.task, runTask);
  durable.orchestration(ORCHESTRATORS.round, runRound(retry()));
  durable.activity('advance', {
    handler: (input: unknown, context: InvocationContext) => advanceWithin(context, advanceInputSchema.parse(input)),
  });
  durable.activity('openRound', {
    extraOutputs: [...toSlices.values()],
    handler: (input: unknown, context: InvocationContext) => openWithin(context, openRoundInputSchema.parse(input)),
  });
}
