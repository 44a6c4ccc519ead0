import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDsrFrom } from '../../../src/lib/app/open-dsr-settings.ts';

const docs = join(import.meta.dirname, '../../../docs/opendsr');
const GIVEN = {
  OPENDSR_DOMAIN: 'dsr.example.com',
  OPENDSR_SIGNING_KEY: readFileSync(join(docs, 'test-key.pem'), 'utf8'),
  OPENDSR_CERTIFICATE: readFileSync(join(docs, 'certificate.pem'), 'utf8'),
};
const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const otherKey = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const ellipticKey = pem(generateKeyPairSync('ed25519').privateKey);

describe('Settings of OpenDSR', () => {
  it('make no processor without a domain', () => {
    expect(openDsrFrom({})).toBeUndefined();
  });

  it('may write line feeds as Azure keeps them, and say where the API is', () => {
    const key = GIVEN.OPENDSR_SIGNING_KEY.trim().replaceAll('\n', '\\n');
    const processor = openDsrFrom({
      ...GIVEN,
      OPENDSR_SIGNING_KEY: key,
      OPENDSR_BASE_URL: 'https://api.example.com/dsr/',
    });
    expect(processor).toMatchObject({ domain: 'dsr.example.com', baseUrl: 'https://api.example.com/dsr' });
    expect(openDsrFrom(GIVEN)?.baseUrl).toBe('https://dsr.example.com');
  });

  it.each([
    ['no domain name', { OPENDSR_DOMAIN: 'https://dsr.example.com' }, 'domain name'],
    ['another domain', { OPENDSR_DOMAIN: 'other.example.com' }, 'another domain'],
    ['no key', { OPENDSR_SIGNING_KEY: 'secret' }, 'no private key'],
    ['another key', { OPENDSR_SIGNING_KEY: otherKey }, 'another key'],
    ['a key that is not RSA', { OPENDSR_SIGNING_KEY: ellipticKey }, 'must be RSA'],
    ['no certificate', { OPENDSR_CERTIFICATE: '' }, 'no X.509'],
    ['an API without TLS', { OPENDSR_BASE_URL: 'http://dsr.example.com' }, 'must be https'],
  ])('refuse %s, without quoting it', (_, change, says) => {
    let message = '';
    try {
      openDsrFrom({ ...GIVEN, ...change });
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toContain(says);
    expect(message).not.toMatch(/BEGIN|secret/);
  });
});
