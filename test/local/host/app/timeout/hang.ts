import { app } from '@azure/functions';

app.http('hang', { route: 'hang', handler: () => new Promise(() => undefined) });
app.http('ping', { route: 'ping', handler: async () => ({ jsonBody: process.pid }) });
