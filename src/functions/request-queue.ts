import { app, type InvocationContext } from '@azure/functions';
import { input } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { requestMessageSchema } from '../lib/domain/slice.ts';
import { REQUESTS_QUEUE } from '../lib/steps/queue-names.ts';
import { startRun } from '../lib/steps/runs/start-run.ts';
import { instancesOf } from './instances.ts';
import { traced } from './traced.ts';

/** A message says "look at this request's record"; it may come at any time, any number of times. */
async function handle(message: unknown, context: InvocationContext): Promise<void> {
  const { requestId } = requestMessageSchema.parse(message);
  await traced(context, { name: 'dsr.start', attributes: { 'dsr.request.id': requestId } }, async (deps) => {
    const started = await startRun(deps, requestId, instancesOf(context));
    deps.telemetry.note({ 'dsr.outcome': started });
    deps.log('request-looked-at', { requestId, started });
  });
}

/** The watchdog looks at every open request anyway: a poisoned message needs no more than a trace. */
async function handlePoison(message: unknown): Promise<void> {
  const parsed = requestMessageSchema.safeParse(message);
  (await dependencies()).log('request-message-poisoned', {
    requestId: parsed.success ? parsed.data.requestId : 'unreadable',
  });
}

export function registerRequestQueue(): void {
  const connection = 'AzureWebJobsStorage';
  app.storageQueue('startRun', {
    queueName: REQUESTS_QUEUE,
    connection,
    extraInputs: [input.durableClient()],
    handler: handle,
  });
  app.storageQueue('startRunPoison', { queueName: `${REQUESTS_QUEUE}-poison`, connection, handler: handlePoison });
}
