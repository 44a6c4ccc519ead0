import { setTimeout as pause } from 'node:timers/promises';
import { app, type HttpRequest } from '@azure/functions';

app.setup({ enableHttpStream: true });

async function describe(request: HttpRequest) {
  return {
    jsonBody: {
      method: request.method,
      url: request.url,
      params: request.params,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      pid: process.pid,
    },
  };
}

app.http('echo', { route: 'echo/{kind}/{id?}', methods: ['GET', 'POST'], handler: describe });
app.http('guid', { route: 'echo/{id:guid}', methods: ['GET'], handler: async () => ({ body: 'a guid' }) });
app.http('put', { route: 'echo/{kind}', methods: ['PUT'], handler: async () => ({ body: 'put' }) });
app.http('files', { route: 'files/{*rest}', methods: ['GET'], handler: describe });
app.http('guarded', { authLevel: 'function', methods: ['GET'], handler: describe });
app.http('operators', { authLevel: 'admin', route: 'operators-only', methods: ['GET'], handler: describe });
app.http('throws', {
  handler: async () => {
    throw new Error('a secret of the handler');
  },
});

/** Sends a first part, then waits for a second request before it sends the rest; `die` ends the worker instead. */
let release = Promise.withResolvers<string>();
app.http('slow', {
  handler: async () => {
    release = Promise.withResolvers();
    async function* parts() {
      yield Buffer.from('first ');
      yield Buffer.from(await release.promise);
    }
    return { body: ReadableStream.from(parts()) };
  },
});
app.http('release', {
  route: 'release/{how}',
  handler: async (request) => {
    if (request.params.how === 'die') process.exit(1);
    release.resolve('second');
    return {};
  },
});

/** Counts the bytes of a request as they come. */
app.http('count', {
  methods: ['POST', 'DELETE'],
  handler: async (request) => {
    let bytes = 0;
    for await (const chunk of request.body ?? []) bytes += Buffer.from(chunk).length;
    return { body: String(bytes) };
  },
});
app.http('refuse', { methods: ['POST'], handler: async () => ({ status: 413, body: 'too much' }) });
app.http('large', {
  handler: async (request) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const count = Number(request.query.get('chunks'));
    return {
      headers: { 'content-disposition': 'attachment' },
      body: ReadableStream.from(Array.from({ length: count }, () => chunk)),
    };
  },
});
app.http('cookies', {
  handler: async () => ({ headers: { 'set-cookie': 'lost=1' }, cookies: [{ name: 'kept', value: '2' }] }),
});
app.http('environment', { handler: async () => ({ jsonBody: process.env }) });
app.http('logs', {
  handler: async (_, context) => {
    context.warn('said by the context');
    console.log('said by the console');
    return {};
  },
});
app.http('hang', {
  handler: async () => {
    await pause(600_000);
    return {};
  },
});
