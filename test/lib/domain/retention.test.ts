import { describe, expect, it } from 'vitest';
import { holdId, nameOfHold } from '../../../src/lib/domain/hold.ts';
import { withoutSubject } from '../../../src/lib/domain/retention.ts';
import { newRecord } from '../store/support/records.ts';

const at = '2026-03-01T12:00:00.000Z';
const order = { reason: 'litigation', actor: 'officer', reviewBy: at };
const digest = 'd'.repeat(64);

describe('A hold on the reference of a person', () => {
  it('is named by the end of its id where it is written down for good: nothing of it depends on the reference', () => {
    const idOf = (key: string) => holdId({ scope: 'subject', key }, order, 0);
    expect(idOf(digest)).toContain(digest);
    expect(nameOfHold(idOf(digest))).toMatch(/^subject\.[0-9a-f]{16}$/);
    expect(nameOfHold(idOf('e'.repeat(64)))).toBe(nameOfHold(idOf(digest)));
  });

  it('leaves the record with the person', () => {
    const held = { since: at, by: [holdId({ scope: 'subject', key: digest }, order, 0)] };
    expect(JSON.stringify(withoutSubject(newRecord({ held }), { at }))).not.toContain(digest);
  });
});

describe('Holds on targets and requests', () => {
  it.each(['target', 'request'] as const)('on a %s are named whole', (scope) => {
    const id = holdId({ scope, key: 'vision' }, order, 0);
    expect(nameOfHold(id)).toBe(id);
  });
});
