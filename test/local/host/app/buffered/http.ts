import { app, output, trigger } from '@azure/functions';

const relayed = output.storageQueue({ queueName: 'from-http', connection: 'AzureWebJobsStorage' });

app.http('echo', {
  route: 'echo/{kind}',
  methods: ['POST', 'GET'],
  handler: async (request) => ({
    status: 201,
    headers: { 'x-kind': request.params.kind ?? '' },
    jsonBody: { url: request.url, key: request.headers.get('x-functions-key'), body: await request.text() },
  }),
});
app.http('bytes', { handler: async (request) => ({ body: Buffer.from(await request.arrayBuffer()).reverse() }) });
// The types ask for an answer; plain JavaScript apps forget it.
app.generic('nothing', {
  trigger: trigger.http({ route: 'nothing' }),
  return: output.http({}),
  handler: async () => undefined,
});
app.http('throws', {
  handler: async () => {
    throw new Error('a secret of the handler');
  },
});
app.http('dies', { handler: async () => process.exit(1) });
app.http('cookies', {
  handler: async () => ({
    cookies: [{ name: 'one', value: 'a b', path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 60 }],
  }),
});
app.http('queue', {
  extraOutputs: [relayed],
  handler: async (_, context) => {
    context.extraOutputs.set(relayed, { from: 'http' });
    return { status: 202 };
  },
});
