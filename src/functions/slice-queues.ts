import { app, type InvocationContext } from '@azure/functions';
import { input } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { FAMILIES, familyQueue } from '../lib/catalog/catalog.ts';
import { sliceMessageSchema } from '../lib/domain/slice.ts';
import { SEAL_QUEUE } from '../lib/steps/queue-names.ts';
import { giveUpPoisoned } from '../lib/steps/rounds/give-up.ts';
import { handleSlice } from '../lib/steps/rounds/handle-slice.ts';
import { raiseFrom } from './instances.ts';
import { traced } from './traced.ts';

/** One slice of one task. */
async function handle(message: unknown, context: InvocationContext): Promise<void> {
  const slice = sliceMessageSchema.parse(message);
  const { requestId, run, taskId, sliceId } = slice;
  const ids = { 'dsr.request.id': requestId, 'dsr.run': run, 'dsr.task.id': taskId, 'dsr.slice.id': sliceId };
  await traced(context, { name: 'dsr.slice', attributes: ids }, async (deps) => {
    const handled = await handleSlice(deps, slice, raiseFrom(context));
    deps.telemetry.note({ 'dsr.outcome': handled });
    deps.log('slice', { requestId, run, taskId, sliceId, handled });
  });
}

/** A slice that failed at every try: its result says so, then its round is told. */
async function handlePoison(message: unknown, context: InvocationContext): Promise<void> {
  const deps = await dependencies();
  const slice = sliceMessageSchema.safeParse(message);
  if (slice.success) await giveUpPoisoned(deps, slice.data, raiseFrom(context));
  else deps.log('slice-message-unreadable', { queue: context.functionName });
}

/** One function for each resource family, and one for each poison queue, by walking the catalogue. */
export function registerSliceQueues(): void {
  const queues = [
    ...FAMILIES.map((family) => ({ name: `family-${family.family}`, queueName: familyQueue(family) })),
    { name: 'seal', queueName: SEAL_QUEUE },
  ];
  for (const { name, queueName } of queues) {
    const options = { connection: 'AzureWebJobsStorage', extraInputs: [input.durableClient()] };
    app.storageQueue(name, { ...options, queueName, handler: handle });
    app.storageQueue(`${name}-poison`, { ...options, queueName: `${queueName}-poison`, handler: handlePoison });
  }
}
