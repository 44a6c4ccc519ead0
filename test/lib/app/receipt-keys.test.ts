import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { receiptKeys, retiredKeysFrom, signingKeyFrom } from '../../../src/lib/app/receipt-keys.ts';
import { parseSettings, SettingsError } from '../../../src/lib/app/settings.ts';

const ed25519 = generateKeyPairSync('ed25519').privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const jwkOf = (key: KeyObject): string => JSON.stringify(key.export({ format: 'jwk' }));

describe('The signing key', () => {
  it.each([
    ['Ed25519 as PEM', pemOf(ed25519), 'EdDSA'],
    ['Ed25519 as PEM on one line', pemOf(ed25519).replaceAll('\n', '\\n'), 'EdDSA'],
    ['Ed25519 as a JWK', jwkOf(ed25519), 'EdDSA'],
    ['RSA as PEM', pemOf(rsa), 'RS256'],
    ['RSA as a JWK', jwkOf(rsa), 'RS256'],
  ])('is taken: %s', async (_, text, algorithm) => {
    const { signer, published } = await receiptKeys({ signing: signingKeyFrom(text), retired: [] });
    const [key] = published.keys;
    if (!signer || !key) throw new Error('There is one key.');
    expect(signer.algorithm).toBe(algorithm);
    expect(key).toMatchObject({ alg: algorithm, use: 'sig', kid: await calculateJwkThumbprint(key) });
    const signed = await signer.sign(Buffer.from('what is signed'), 'dsr-receipt');
    const { payload, protectedHeader } = await compactVerify(signed, await importJWK(key));
    expect(Buffer.from(payload).toString()).toBe('what is signed');
    expect(protectedHeader).toEqual({ alg: algorithm, kid: key.kid, typ: 'dsr-receipt' });
  });

  it('is none where the setting is empty: nothing is signed and nothing published', async () => {
    const keys = await receiptKeys({ signing: signingKeyFrom(' '), retired: [] });
    expect(keys).toEqual({ signer: undefined, published: { keys: [] } });
  });

  it.each([
    ['a reference that Key Vault did not answer', '@Microsoft.KeyVault(SecretUri=https://x)', /Key Vault/],
    [
      'an elliptic curve that receipts are not signed with',
      pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      /Ed25519 or RSA/,
    ],
    [
      'an RSA key that is too short',
      pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
      /2048 bits/,
    ],
    ['a public key', JSON.stringify({ ...JSON.parse(jwkOf(ed25519)), d: undefined }), /no private key/],
    ['anything else', 'hunter2', /no private key/],
  ])('is refused: %s', (_, text, fault) => {
    expect(() => signingKeyFrom(text)).toThrow(fault);
  });

  it('that is refused is named among all that is wrong with the settings, and never quoted', () => {
    const read = () => parseSettings({ RECEIPT_SIGNING_KEY: 'hunter2', RECEIPT_RETIRED_KEYS: '{"hunter2' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/- RECEIPT_SIGNING_KEY: it is no private key[\s\S]*- RECEIPT_RETIRED_KEYS: it is not JSON/);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('Retired keys', () => {
  it('stay published after the one in use, as they were published once', async () => {
    const once = await receiptKeys({ signing: signingKeyFrom(pemOf(rsa)), retired: [] });
    const retired = retiredKeysFrom(JSON.stringify(once.published));
    const now = await receiptKeys({ signing: signingKeyFrom(pemOf(ed25519)), retired });
    expect(now.published.keys.map(({ kty }) => kty)).toEqual(['OKP', 'RSA']);
    expect(now.published.keys[1]).toEqual(once.published.keys[0]);
    expect(retiredKeysFrom(JSON.stringify(once.published.keys))).toEqual(retired);
  });

  it('are published once where the one in use is among them', async () => {
    const signing = signingKeyFrom(pemOf(ed25519));
    const { published } = await receiptKeys({ signing, retired: [] });
    expect(await receiptKeys({ signing, retired: retiredKeysFrom(JSON.stringify(published)) })).toMatchObject({
      published,
    });
  });

  it('are refused when a private one is among them, before it is published', () => {
    expect(() => retiredKeysFrom(`[${jwkOf(rsa)}]`)).toThrow(/private key/);
    expect(createPrivateKey({ key: JSON.parse(jwkOf(rsa)), format: 'jwk' }).type).toBe('private');
  });
});
