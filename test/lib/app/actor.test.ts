import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOfKey, callersSchema, presentedKey } from '../../../src/lib/app/actor.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const CALLERS = callersSchema.parse({ portal: sha256('portal-key'), officer: sha256('officer-key').toUpperCase() });

describe('The actor behind a function key', () => {
  it('is the name that the operator gave the key', () => {
    expect(callerOfKey(CALLERS, 'portal-key').actor).toMatchObject({ name: 'portal', named: true });
    expect(callerOfKey(CALLERS, 'officer-key').actor).toMatchObject({ name: 'officer', named: true });
  });

  it('is unnamed for every other key, and for none', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (key) => {
        fc.pre(key !== 'portal-key' && key !== 'officer-key');
        expect(callerOfKey(CALLERS, key).actor).toMatchObject({ name: 'unnamed', named: false });
      }),
    );
  });

  it('has a fingerprint that tells keys apart and holds nothing of the key', () => {
    const one = callerOfKey(CALLERS, 'first-other-key').actor;
    expect(one.fingerprint).not.toBe(callerOfKey(CALLERS, 'second-other-key').actor.fingerprint);
    expect(JSON.stringify(one)).not.toContain('first-other-key');
  });

  it.each([
    ['a reserved name', { system: sha256('k') }],
    ['the name of those without one', { Unnamed: sha256('k') }],
    ['something that is no SHA-256', { portal: 'portal-key' }],
    ['one key under two names', { a: sha256('k'), b: sha256('k') }],
    ['a name with spaces', { 'a b': sha256('k') }],
  ])('can not be configured with %s', (_, setting) => {
    expect(callersSchema.safeParse(setting).success).toBe(false);
  });
});

describe('The presented key', () => {
  const request = (headers: Record<string, string>, query: string) =>
    presentedKey({ headers: new Headers(headers), query: new URLSearchParams(query) });

  it('is that of the header before that of the query, as the host checks them', () => {
    expect(request({ 'x-functions-key': 'h' }, 'code=q')).toBe('h');
    expect(request({}, 'code=q')).toBe('q');
    expect(request({}, '')).toBeUndefined();
  });
});
