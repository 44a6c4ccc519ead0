import { app } from '@azure/functions';

app.http('same', { handler: async () => ({}) });
app.timer('same', { schedule: '0 0 0 * * *', handler: async () => undefined });
