import { app } from '@azure/functions';
import { seen } from './seen.ts';

app.timer('hourly', { schedule: '%HOURLY%', handler: async (timer) => seen({ function: 'hourly', timer }) });
app.timer('eager', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: true,
  handler: async (timer) => seen({ function: 'eager', timer }),
});
app.timer('often', { schedule: '*/1 * * * * *', handler: async (timer) => seen({ function: 'often', timer }) });
