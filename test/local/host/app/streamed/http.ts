import { app } from '@azure/functions';

app.setup({ enableHttpStream: true });

/** Says what it was asked, streaming the request's body back. */
app.http('echo', {
  route: 'echo/{kind}/{id?}',
  methods: ['GET', 'POST'],
  handler: async (request) => ({
    jsonBody: {
      method: request.method,
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      pid: process.pid,
    },
  }),
});
