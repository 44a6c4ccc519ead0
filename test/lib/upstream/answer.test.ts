import { describe, expect, test } from 'vitest';
import { keyTarget, listThings, readThing, serve, upstreamTo } from './fixture.ts';

const thing = { operation: readThing, parameters: { thingId: 'a' } };
const body =
  (status: number, type: string, bytes: Uint8Array): Parameters<typeof serve>[0] =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(bytes);
  };
const named = Buffer.from('{"name":"Zoë 図"}');
const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const ok = { kind: 'ok', value: { name: 'Zoë 図' } };

describe('a JSON answer', () => {
  test.each([
    ['a charset', 'application/json; charset=utf-8', named],
    ['a quoted charset in capitals', 'Application/JSON;Charset="UTF-8"', named],
    ['other parameters', 'application/json; odata.metadata=minimal; charset=utf-8', named],
    ['a suffix', 'application/problem+json', named],
    ['the old type', 'text/json', named],
    ['a byte order mark', 'application/json', Buffer.concat([mark, named])],
    ['another encoding', 'application/json; charset=utf-16le', Buffer.from('{"name":"Zoë 図"}', 'utf16le')],
  ])('is read with %s', async (_, type, bytes) => {
    const service = await serve(body(200, type, bytes));
    expect(await upstreamTo(service, { retries: 0 }).send(keyTarget, thing)).toEqual(ok);
  });

  test.each([
    ['an encoding that nobody knows', 'application/json; charset=klingon', named],
    ['bytes that are not in its encoding', 'application/json; charset=utf-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a byte order mark and nothing else', 'application/json', mark],
    ['a type that only begins alike', 'application/jsonp', named],
    ['no type', '', named],
  ])('is busy with %s', async (_, type, bytes) => {
    const service = await serve(body(200, type, bytes));
    expect(await upstreamTo(service, { retries: 0 }).send(keyTarget, thing)).toMatchObject({ kind: 'busy' });
  });

  test('that is an error tells its code in spite of a byte order mark', async () => {
    const bytes = Buffer.concat([mark, Buffer.from('{"error":{"code":"AuthorizationFailed"}}')]);
    const service = await serve(body(403, 'application/json', bytes));
    expect(await upstreamTo(service).send(keyTarget, thing)).toMatchObject({ code: 'AuthorizationFailed' });
  });

  test('of no content to a GET is refused: it is no document, and no news that there is none', async () => {
    const service = await serve((_, response) => response.writeHead(204).end());
    const expected = { kind: 'refused', status: 204, code: 'NoContent', reason: 'ReadThing: 204' };
    expect(await upstreamTo(service).send(keyTarget, thing)).toEqual(expected);
    const list = { operation: listThings, parameters: {} };
    expect(await upstreamTo(service).page(keyTarget, list)).toMatchObject({ kind: 'refused', code: 'NoContent' });
    expect(service.seen).toHaveLength(2);
  });
});
