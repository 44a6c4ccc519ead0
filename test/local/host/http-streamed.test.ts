import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, KEYS, startTestHost, temporaryFolder } from './support.ts';

const lines: string[] = [];
const open = new AsyncDisposableStack();
let url: string;
let host: Awaited<ReturnType<typeof startTestHost>>;

beforeAll(async () => {
  const folder = open.use(await temporaryFolder());
  host = open.use(
    await startTestHost('streamed/http.ts', folder.path, {
      streamIdleMilliseconds: 1500,
      log: (line) => lines.push(line),
    }),
  );
  url = host.url;
});
afterAll(() => open.disposeAsync());

/** `fetch` normalises paths and forbids headers; this sends them as they are. */
async function rawStatus(method: string, path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const { port } = new URL(url);
  httpRequest({ host: '127.0.0.1', port, method, path }, (answer) => resolve(answer.resume().statusCode))
    .once('error', reject)
    .end();
  return promise;
}

describe('routes in stream mode', () => {
  it('reach the function with parameters, headers and body, whatever their letter case', async () => {
    const answer = await fetch(`${url}/API/Echo/photos/7?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-functions-key': 'any' },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      url: `${url}/API/Echo/photos/7?x=1`,
      params: { kind: 'photos', id: '7' },
      headers: { 'x-functions-key': 'any' },
      body: 'hello',
    });
  });

  it('leave an optional parameter out', async () => {
    expect(await (await fetch(`${url}/api/echo/photos`)).json()).toMatchObject({ params: { kind: 'photos' } });
  });

  it('prefer a constrained parameter, and go by method', async () => {
    const guid = await fetch(`${url}/api/echo/0ffc4f5c-5e0f-4bb5-9a34-9a8c04b1ffab`);
    expect(await guid.text()).toBe('a guid');
    expect(await (await fetch(`${url}/api/echo/anything`, { method: 'PUT' })).text()).toBe('put');
  });

  it('give a catch-all the rest of the path', async () => {
    expect(await (await fetch(`${url}/api/files/a/b%20c/d.txt`)).json()).toMatchObject({
      params: { rest: 'a/b c/d.txt' },
    });
  });

  it('show an escaped slash twice escaped in the url', async () => {
    const body = await (await fetch(`${url}/api/echo/a%2Fb`)).json();
    expect(body).toMatchObject({ url: `${url}/api/echo/a%252Fb`, params: { kind: 'a%2Fb' } });
  });

  it.each([
    ['an unknown route', 'GET', '/api/unknown'],
    ['too many segments', 'GET', '/api/echo/a/b/c'],
    ['a route without its prefix', 'GET', '/echo/a'],
    ['a wrong method', 'DELETE', '/api/echo/a'],
    ['HEAD on a route for GET', 'HEAD', '/api/files/a'],
  ])('answer 404 to %s', async (_, method, path) => {
    expect(await rawStatus(method, path)).toBe(404);
  });
});

describe('auth levels', () => {
  const status = async (path: string, key?: string) =>
    (await fetch(`${url}/api/${path}`, key === undefined ? {} : { headers: { 'x-functions-key': key } })).status;

  it('answer 401 without a body to a missing or wrong key', async () => {
    const answer = await fetch(`${url}/api/guarded`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe('');
    expect(await status('guarded', 'wrong')).toBe(401);
    expect(await status('guarded', KEYS.system)).toBe(401);
    expect(await status('operators-only', KEYS.functionKeys.portal)).toBe(401);
  });

  it('let a function key in, by header or by query, and the function sees the header', async () => {
    expect((await fetch(`${url}/api/guarded?code=${KEYS.functionKeys.portal}`)).status).toBe(200);
    const answer = await fetch(`${url}/api/guarded`, { headers: { 'x-functions-key': KEYS.functionKeys.portal } });
    expect(await answer.json()).toMatchObject({ headers: { 'x-functions-key': KEYS.functionKeys.portal } });
  });

  it('let the master key in everywhere', async () => {
    expect(await status('guarded', KEYS.master)).toBe(200);
    expect(await status('operators-only', KEYS.master)).toBe(200);
  });
});

describe('streams', () => {
  it('reach the client while the function still writes', async () => {
    const answer = await fetch(`${url}/api/slow`);
    const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 'first ' });
    await fetch(`${url}/api/release/it`);
    expect(await reader.read()).toEqual({ done: false, value: 'second' });
    expect((await reader.read()).done).toBe(true);
  });

  it('carry large bodies in both directions', async () => {
    for (const method of ['POST', 'DELETE']) {
      const body = ReadableStream.from(Array.from({ length: 80 }, () => Buffer.alloc(100_000)));
      const sent = await fetch(`${url}/api/count`, { method, body, duplex: 'half' });
      expect(await sent.text()).toBe('8000000');
    }
    const large = await fetch(`${url}/api/large?chunks=160`);
    expect(large.headers.get('content-disposition')).toBe('attachment');
    expect((await large.arrayBuffer()).byteLength).toBe(160 * 64 * 1024);
  });

  it('hand on an answer that comes before the request was read', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answer = await fetch(`${url}/api/refuse`, { method: 'POST', body: Buffer.alloc(4_000_000) });
      expect([answer.status, await answer.text()]).toEqual([413, 'too much']);
    }
  });

  it('lose a set-cookie header when cookies are given too', async () => {
    expect((await fetch(`${url}/api/cookies`)).headers.getSetCookie()).toEqual(['kept=2']);
  });

  it('answer 500 without a body to a handler that throws, only after the connection was idle for long', async () => {
    const answer = await fetch(`${url}/api/throws`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('');
    expect(lines.join('\n')).toContain('throws');
  });

  it('are cut when their worker dies, and the next request meets a new worker', async () => {
    const before = host.workerPids();
    const answer = await fetch(`${url}/api/slow`);
    const rest = answer.text();
    const dying = await fetch(`${url}/api/release/die`);
    expect(dying.status).toBe(502);
    await expect(rest).rejects.toThrow();
    const body: unknown = await (await fetch(`${url}/api/echo/again`)).json();
    expect(body).toMatchObject({ params: { kind: 'again' } });
    expect(host.workerPids()).not.toEqual(before);
  });
});

describe('a worker', () => {
  it('has the environment of the genuine host', async () => {
    const { port } = new URL(url);
    expect(await (await fetch(`${url}/api/environment`)).json()).toMatchObject({
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      WEBSITE_HOSTNAME: `localhost:${port}`,
      TAKE_QUEUE: 'take',
    });
  });

  it('hands on what the context and the console say', async () => {
    await fetch(`${url}/api/logs`);
    await eventually(() => lines.some((line) => /^\[warning\] logs .*: said by the context$/.test(line)));
    await eventually(() => lines.includes('said by the console'));
    expect(lines).toContain('said by the console');
  });
});

describe('/admin', () => {
  const master = { 'x-functions-key': KEYS.master };

  it('tells the state of the host to the master key only', async () => {
    expect(await (await fetch(`${url}/admin/host/status`, { headers: master })).json()).toMatchObject({
      state: 'Running',
    });
    expect((await fetch(`${url}/admin/host/status?code=${KEYS.functionKeys.portal}`)).status).toBe(401);
  });

  it('answers 404 to a function that is not there, and 415 without a JSON content type', async () => {
    const headers = { ...master, 'content-type': 'application/json' };
    const run = (init: RequestInit) => fetch(`${url}/admin/functions/nobody`, { method: 'POST', ...init });
    expect((await run({ headers, body: '{}' })).status).toBe(404);
    expect((await run({ headers: master })).status).toBe(415);
  });
});
