import { app, type InvocationContext } from '@azure/functions';
import { dependencies } from '../lib/app/composition.ts';
import { callbackMessageSchema } from '../lib/domain/callback.ts';
import { deliverCallback, giveUpCallback } from '../lib/steps/callbacks/deliver-callback.ts';
import { CALLBACKS_QUEUE } from '../lib/steps/queue-names.ts';
import { traced } from './traced.ts';

/** Tells one URL of one change of state. */
async function handle(message: unknown, context: InvocationContext): Promise<void> {
  const callback = callbackMessageSchema.parse(message);
  const { requestId, seq, url, attempt } = callback;
  await traced(context, { name: 'dsr.callback', attributes: { 'dsr.request.id': requestId } }, async (deps) => {
    const told = await deliverCallback(deps, callback);
    deps.telemetry.note({ 'dsr.outcome': told });
    deps.log('callback', { requestId, seq, url, attempt, told });
  });
}

async function handlePoison(message: unknown): Promise<void> {
  const deps = await dependencies();
  const callback = callbackMessageSchema.safeParse(message);
  if (callback.success) await giveUpCallback(deps, callback.data);
  else deps.log('callback-message-unreadable', {});
}

export function registerCallbackQueue(): void {
  const connection = 'AzureWebJobsStorage';
  app.storageQueue('tellCallback', { queueName: CALLBACKS_QUEUE, connection, handler: handle });
  app.storageQueue('tellCallbackPoison', {
    queueName: `${CALLBACKS_QUEUE}-poison`,
    connection,
    handler: handlePoison,
  });
}
