import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { listen } from '../app/telemetry/support/listening.ts';
import { deleteThing, empty, json, keyTarget, readThing, serve, upstreamTo } from './fixture.ts';

const PLANTED = 'anna.planted@example.org';
const thing = (operation = readThing) => ({ operation, parameters: { thingId: PLANTED } });

describe('what is told of calls upstream', () => {
  it('is operation, path of the catalogue, target and status; a call that is repeated is counted as one', async () => {
    const { telemetry, spans, points } = listen();
    const throttled = json(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '0' });
    const service = await serve(throttled, json(200, { name: PLANTED }));
    const verdict = await upstreamTo(service, { telemetry }).send(keyTarget, thing());
    expect(verdict).toEqual({ kind: 'ok', value: { name: PLANTED } });
    const common = {
      'dsr.target': 'studio',
      'dsr.operation': 'ReadThing',
      'http.request.method': 'GET',
      'url.template': '/things/{thingId}',
    };
    expect(spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['upstream.call', { ...common, 'http.response.status_code': 429, 'error.type': '429' }],
      ['upstream.call', { ...common, 'http.response.status_code': 200, 'http.request.resend_count': 1 }],
    ]);
    const by = { 'dsr.target': 'studio', 'dsr.operation': 'ReadThing' };
    expect(await points()).toEqual(
      expect.arrayContaining([
        { name: 'dsr.upstream.calls', attributes: { ...by, 'http.response.status_code': 429 }, value: 1 },
        { name: 'dsr.upstream.calls', attributes: { ...by, 'http.response.status_code': 200 }, value: 1 },
        { name: 'dsr.upstream.throttled', attributes: by, value: 1 },
        { name: 'dsr.upstream.retries', attributes: by, value: 1 },
      ]),
    );
  });

  it('is never what was asked or answered: no URL, no name, no body, no header, no message, no key', async () => {
    const { telemetry, spans, everything } = listen();
    const service = await serve(
      json(404, { error: { code: 'NotFound', message: `${PLANTED} is unknown` } }, { 'x-ms-owner': PLANTED }),
      json(409, { error: { code: 'Conflict', message: PLANTED } }),
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${PLANTED}"`),
      (request) => void request.socket.destroy(),
    );
    const upstream = upstreamTo(service, { telemetry, retries: 0 });
    for (let time = 0; time < 4; time += 1) await upstream.send(keyTarget, thing(deleteThing));
    expect(spans()).toHaveLength(4);
    const told = await everything();
    expect(told).toContain('"dsr.outcome":"no-answer"');
    for (const marker of ['planted', 'example.org', 'key-of-the-studio', '127.0.0.1', 'cognitiveservices']) {
      expect(told).not.toContain(marker);
    }
  });

  it('is of a download its size, without the link', async () => {
    const { telemetry, points, everything } = listen();
    const content = Buffer.alloc(300_000, 7);
    const service = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': content.length }).end(content);
    });
    const link = `https://irisprodstudio.blob.core.windows.net/${PLANTED}?sig=planted-signature`;
    const target = { ...keyTarget, linkHosts: ['irisprodstudio.blob.core.windows.net'] };
    const verdict = await upstreamTo(service, { telemetry }).download(target, link);
    if (verdict.kind !== 'ok') throw new Error(`The download was ${verdict.kind}.`);
    expect(await buffer(verdict.value.body)).toEqual(content);
    const by = { 'dsr.target': 'studio', 'dsr.operation': 'Download' };
    expect(await points()).toContainEqual({ name: 'dsr.upstream.bytes', attributes: by, value: content.length });
    expect(await everything()).not.toContain('planted');
  });

  it('is nothing where nobody listens', async () => {
    const service = await serve(empty(204));
    await expect(upstreamTo(service).send(keyTarget, thing(deleteThing))).resolves.toMatchObject({ kind: 'ok' });
  });
});
