import { generateKeyPairSync } from 'node:crypto';
import { compactVerify, createLocalJWKSet } from 'jose';
import { describe, expect, it } from 'vitest';
import { receiptKeys, signingKeyFrom } from '../../src/lib/app/receipt-keys.ts';
import { keySetSchema } from '../../src/lib/domain/jwks.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { problemOf, useApi } from './support.ts';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { signer, published } = await receiptKeys({ signing: signingKeyFrom(pem), retired: [] });
const signing = useApi(undefined, { RECEIPT_SIGNING_KEY: pem });
const unsigned = useApi();
const JOSE = { accept: 'application/jose' };

describe('The public keys', () => {
  it('are told to whoever asks, and may be kept for a while', async () => {
    const answer = await fetch(`${signing.url}/api/.well-known/jwks.json`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    const text = await answer.text();
    expect(keySetSchema.parse(JSON.parse(text))).toEqual(published);
    expect(text).not.toContain('"d"');
  });

  it('are none where nothing is signed', async () => {
    const answer = await fetch(`${unsigned.url}/api/.well-known/jwks.json`);
    expect(await answer.json()).toEqual({ keys: [] });
  });
});

describe('A receipt', () => {
  it('comes signed for who accepts that, as JSON for everybody else', async () => {
    const { requestId } = await signing.stored({ state: 'completed' });
    const documents = documentStore(signing.storage.storage);
    const receipt = Buffer.from('{"signature":{}}');
    const signed = (await signer?.sign(receipt, 'dsr-receipt')) ?? '';
    await documents.save({ requestId, name: 'receipt.json' }, [receipt], 'application/json');
    await documents.save({ requestId, name: 'receipt.jws' }, [Buffer.from(signed)], 'application/jose');
    const path = `requests/${requestId}/receipt`;
    const jose = await signing.call(path, { headers: JOSE });
    expect(jose.headers.get('content-type')).toBe('application/jose');
    expect(jose.headers.get('vary')).toContain('accept');
    expect(await jose.text()).toBe(signed);
    for (const accept of ['*/*', 'application/json', 'application/jose;q=0, */*']) {
      expect(await (await signing.call(path, { headers: { accept } })).json()).toEqual({ signature: {} });
    }
  });

  it('that nobody signed is not to be had signed', async () => {
    const { requestId } = await unsigned.stored({ state: 'completed' });
    const documents = documentStore(unsigned.storage.storage);
    await documents.write({ requestId, name: 'receipt.json' }, { signature: null }, 'once');
    const answer = await unsigned.call(`requests/${requestId}/receipt`, { headers: JOSE });
    expect(await problemOf(answer)).toMatchObject({ status: 406, type: '/problems/not-signed' });
  });
});

describe('The head of a journal', () => {
  it('is signed on demand, and is the last line of the journal', async () => {
    const { requestId, journal } = await signing.stored({ state: 'running' });
    const answer = await signing.call(`requests/${requestId}/journal`, { headers: JOSE });
    const keys = createLocalJWKSet(published);
    const { payload, protectedHeader } = await compactVerify(await answer.text(), keys);
    expect(protectedHeader.typ).toBe('dsr-journal-head');
    const { seq, hash } = journal;
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ requestId, journal: { seq, hash } });
  });

  it('is refused without a key, and for a request that nobody knows', async () => {
    const { requestId } = await unsigned.stored({ state: 'running' });
    const refused = await unsigned.call(`requests/${requestId}/journal`, { headers: JOSE });
    expect(await problemOf(refused)).toMatchObject({ status: 406 });
    const unknown = await signing.call(`requests/${requestId}/journal`, { headers: JOSE });
    expect(await problemOf(unknown)).toMatchObject({ status: 404 });
  });
});
