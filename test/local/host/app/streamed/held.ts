import { app } from '@azure/functions';
import { seen } from './seen.ts';

app.storageQueue('held', {
  queueName: 'stopped',
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    seen({ function: 'held', message });
    await new Promise(() => undefined);
  },
});
