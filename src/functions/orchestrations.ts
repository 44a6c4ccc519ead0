import { app as durable, RetryOptions } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { advanceInputSchema, openRoundInputSchema } from '../lib/domain/run.ts';
import { openRound } from '../lib/steps/rounds/open-round.ts';
import { advance } from '../lib/steps/runs/advance.ts';
import { fulfilRequest, ORCHESTRATORS, runRound, runTask } from '../lib/workflow/orchestrators.ts';

/** Activities are tried again when they throw: storage that is away for a while doesn't end a run. */
function retry(): RetryOptions {
  const options = new RetryOptions(2000, 6);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 60_000;
  return options;
}

export function registerOrchestrations(): void {
  durable.orchestration(ORCHESTRATORS.run, fulfilRequest(retry()));
  durable.orchestration(ORCHESTRATORS.task, runTask);
  durable.orchestration(ORCHESTRATORS.round, runRound(retry()));
  durable.activity('advance', {
    handler: async (input: unknown) => advance(await dependencies(), advanceInputSchema.parse(input)),
  });
  durable.activity('openRound', {
    handler: async (input: unknown) => openRound(await dependencies(), openRoundInputSchema.parse(input)),
  });
}
