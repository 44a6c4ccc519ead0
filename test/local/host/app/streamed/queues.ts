import { setTimeout as pause } from 'node:timers/promises';
import { app, output } from '@azure/functions';
import { seen } from './seen.ts';

const connection = 'AzureWebJobsStorage';

app.storageQueue('take', {
  queueName: '%TAKE_QUEUE%',
  connection,
  handler: async (message, context) => seen({ function: 'take', message, metadata: context.triggerMetadata }),
});
app.storageQueue('fail', {
  queueName: 'fail',
  connection,
  handler: async (message, context) => {
    seen({ function: 'fail', message, tries: context.triggerMetadata?.dequeueCount });
    throw new Error('always');
  },
});
app.storageQueue('failPoison', {
  queueName: 'fail-poison',
  connection,
  handler: async (message) => {
    seen({ function: 'failPoison', message });
    throw new Error('even here');
  },
});
/** Longer than its lease. */
app.storageQueue('long', {
  queueName: 'long',
  connection,
  handler: async (message) => {
    seen({ function: 'long', message, state: 'begun' });
    await pause(3500);
    seen({ function: 'long', message, state: 'done' });
  },
});
/** Its worker dies at the first try. */
app.storageQueue('dies', {
  queueName: 'dies',
  connection,
  handler: async (message, context) => {
    const tries = context.triggerMetadata?.dequeueCount;
    seen({ function: 'dies', message, tries });
    if (tries === 1) process.kill(process.pid, 'SIGKILL');
  },
});

const relayed = output.storageQueue({ queueName: 'relayed', connection });
app.storageQueue('relay', {
  queueName: 'relay',
  connection,
  extraOutputs: [relayed],
  handler: async (message, context) => context.extraOutputs.set(relayed, message),
});
app.storageQueue('crowd', {
  queueName: 'crowd',
  connection,
  handler: async (message) => {
    seen({ function: 'crowd', message, state: 'begun' });
    await pause(50);
    seen({ function: 'crowd', message, state: 'done' });
  },
});
