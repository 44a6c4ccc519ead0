import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkSettingsFrom } from '../../../src/lib/app/link-settings.ts';
import { linkTokens } from '../../../src/lib/app/link-tokens.ts';
import { mintRequestId } from '../../../src/lib/domain/ids.ts';
import type { LinkGrant } from '../../../src/lib/domain/package-link.ts';

const installation = () => {
  const key = randomBytes(32).toString('base64url');
  return linkTokens(async () => key);
};
const here = installation();
const grant: LinkGrant = {
  v: 1,
  requestId: mintRequestId(),
  file: 'package-001.zip',
  until: '2026-03-01T12:10:00.000Z',
  actor: { name: 'user:0123', named: true, fingerprint: 'user:0123' },
};

describe('A link', () => {
  it('is one word that opens to what was granted, for this installation only, and never the same twice', async () => {
    const token = await here.seal(grant);
    expect(token).toMatch(/^[A-Za-z0-9_-]{100,600}$/);
    expect(await here.open(token)).toEqual(grant);
    expect(await installation().open(token)).toBeUndefined();
    expect(await here.seal(grant)).not.toBe(token);
  });

  it('tells nothing of what it opens', async () => {
    const bytes = Buffer.from(await here.seal(grant), 'base64url').toString('latin1');
    for (const word of [grant.requestId, grant.file, grant.until, 'user:']) expect(bytes).not.toContain(word);
  });

  it('does not open with any bit changed, cut or longer, and nothing made up does', async () => {
    const whole = Buffer.from(await here.seal(grant), 'base64url');
    const changed = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
      const other = Buffer.from(whole);
      other[at] = (whole[at] ?? 0) ^ bits;
      return other.toString('base64url');
    });
    const cut = fc.nat(whole.length - 1).map((end) => whole.subarray(0, end).toString('base64url'));
    const longer = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((more) => Buffer.concat([whole, more]).toString('base64url'));
    const made = fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 1990, maxLength: 2100 }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut, longer, made), async (token) => {
        expect(await here.open(token)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('Settings of links', () => {
  it('hand out none unless asked to, and through storage only where it knows the app’s identity', () => {
    expect(linkSettingsFrom({}, true)).toBeUndefined();
    expect(linkSettingsFrom({ DSR_LINKS: 'app' }, false)).toEqual({ through: 'app', minutes: 10 });
    const storage = { DSR_LINKS: 'storage', DSR_LINK_MINUTES: '5' };
    expect(linkSettingsFrom(storage, true)).toEqual({ through: 'storage', minutes: 5 });
    expect(() => linkSettingsFrom(storage, false)).toThrow('AzureWebJobsStorage__accountName');
    for (const minutes of ['0', '61', 'x'])
      expect(() => linkSettingsFrom({ DSR_LINK_MINUTES: minutes }, true)).toThrow();
  });
});
