import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postCallback, type Resolve } from '../../../src/lib/upstream/callback-post.ts';
import { startReceiver } from './support/receiver.ts';

const folder = join(import.meta.dirname, '../../../docs/opendsr');
const cert = readFileSync(join(folder, 'certificate.pem'), 'utf8');
const key = readFileSync(join(folder, 'test-key.pem'), 'utf8');
const NAME = 'dsr.example.com';
const LOCAL = { loopback: true };
const post = (url: string) => ({ url, headers: { 'x-test': 'yes' }, body: '{"ä":1}' });

/** A DNS server that says something else at every question. */
function resolverOf(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: Resolve = (name, found) => {
    const addresses = (answers[asked.length] ?? []).map((address) => ({ address, family: 4 }));
    asked.push(name);
    found(null, addresses);
  };
  return { asked, resolve };
}

describe('A callback', () => {
  it('is POSTed as JSON, byte for byte, and any status is an answer', async () => {
    await using receiver = await startReceiver({ answer: () => ({ status: 418 }) });
    expect(await postCallback(LOCAL, post(`${receiver.url}/a?b=c`))).toEqual({ kind: 'answered', status: 418 });
    expect(receiver.received).toMatchObject([
      {
        method: 'POST',
        path: '/a?b=c',
        body: '{"ä":1}',
        headers: { 'content-type': 'application/json', 'x-test': 'yes' },
      },
    ]);
  });

  it('follows no redirect', async () => {
    await using elsewhere = await startReceiver();
    const headers = { location: elsewhere.url };
    await using receiver = await startReceiver({ answer: () => ({ status: 307, headers }) });
    expect(await postCallback(LOCAL, post(receiver.url))).toEqual({ kind: 'answered', status: 307 });
    expect(elsewhere.received).toEqual([]);
  });

  it('ends at its deadline, whatever the receiver does', async () => {
    await using receiver = await startReceiver({ answer: () => undefined });
    const way = { ...LOCAL, deadlineSeconds: 0.2 };
    expect(await postCallback(way, post(receiver.url))).toEqual({ kind: 'failed', code: 'TimedOut' });
  });

  it('that meets nobody fails with a code and nothing more', async () => {
    const receiver = await startReceiver();
    await receiver.stop();
    expect(await postCallback(LOCAL, post(receiver.url))).toEqual({ kind: 'failed', code: 'ECONNREFUSED' });
  });

  it('does not leave by http outside a local set-up', async () => {
    await using receiver = await startReceiver();
    expect(await postCallback({ loopback: false }, post(receiver.url))).toEqual({ kind: 'closed' });
    expect(receiver.received).toEqual([]);
  });
});

describe('The host of an https callback', () => {
  const isPublic = (address: string) => address === '127.0.0.1';

  it('is resolved once, and the connection goes to the address that was looked at', async () => {
    await using receiver = await startReceiver({ tls: { key, cert } });
    const dns = resolverOf(['127.0.0.1'], ['10.0.0.1']);
    const way = { loopback: false, resolve: dns.resolve, isPublic, authorities: cert };
    expect(await postCallback(way, post(`https://${NAME}:${receiver.port}/`))).toEqual({
      kind: 'answered',
      status: 204,
    });
    expect(dns.asked).toEqual([NAME]);
    expect(receiver.received[0]?.headers.host).toBe(`${NAME}:${receiver.port}`);
  });

  it('is closed when one of its addresses is not public', async () => {
    await using receiver = await startReceiver({ tls: { key, cert } });
    const dns = resolverOf(['127.0.0.1', '10.0.0.1']);
    const way = { loopback: false, resolve: dns.resolve, isPublic, authorities: cert };
    expect(await postCallback(way, post(`https://${NAME}:${receiver.port}/`))).toEqual({ kind: 'closed' });
    expect(receiver.received).toEqual([]);
  });

  it.each([
    'https://localhost',
    'https://127.0.0.1',
    'https://[::1]',
    'https://169.254.169.254',
    'https://[::ffff:7f00:1]',
  ])('%s is closed, also in a local set-up', async (origin) => {
    await using receiver = await startReceiver({ tls: { key, cert } });
    expect(await postCallback(LOCAL, post(`${origin}:${receiver.port}/`))).toEqual({ kind: 'closed' });
    expect(receiver.received).toEqual([]);
  });

  it('must show a certificate of its own name', async () => {
    await using receiver = await startReceiver({ tls: { key, cert } });
    const dns = resolverOf(['127.0.0.1']);
    const way = { loopback: false, resolve: dns.resolve, isPublic, authorities: cert };
    const answer = await postCallback(way, post(`https://other.example.com:${receiver.port}/`));
    expect(answer).toEqual({ kind: 'failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});
