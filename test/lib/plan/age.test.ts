import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/lib/catalog/catalog.ts';
import { isOlder, latestMoment } from '../../../src/lib/plan/age.ts';

const family = { age: 'created' };
const moments = fc.date({ min: new Date('2001-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

/** The same moment as different services write it. */
const written = fc.record({
  moment: moments,
  ticks: fc.integer({ min: 0, max: 9999 }),
  form: fc.constantFrom('iso', 'seven digits', 'seven digits without zone', 'whole seconds', 'offset'),
});

function textOf({ moment, ticks, form }: { moment: Date; ticks: number; form: string }): string {
  const iso = moment.toISOString();
  const seven = `${iso.slice(0, -1)}${String(ticks).padStart(4, '0')}`;
  switch (form) {
    case 'seven digits':
      return `${seven}Z`;
    case 'seven digits without zone':
      return seven;
    case 'whole seconds':
      return `${iso.slice(0, 19)}Z`;
    case 'offset': {
      const there = new Date(moment.getTime() + 5.5 * 3_600_000).toISOString();
      return `${there.slice(0, -1)}+05:30`;
    }
    default:
      return iso;
  }
}

describe('An item', () => {
  it('that is younger than the limit never counts as old, however its date is written', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 0, max: 1e12 }), (date, sooner) => {
        // What is written in whole seconds is known to the second only.
        const known =
          date.form === 'whole seconds' ? Math.floor(date.moment.getTime() / 1000) * 1000 : date.moment.getTime();
        const before = new Date(known - sooner);
        expect(isOlder(family, { created: textOf(date) }, before)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('counts as old once it is: at once with a zone, after half a day without', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 2000, max: 1e10 }), (date, later) => {
        const slack = date.form.includes('without') ? 12 * 3_600_000 : 0;
        const before = new Date(date.moment.getTime() + slack + later);
        expect(isOlder(family, { created: textOf(date) }, before)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('counts as young when nobody can tell its age', () => {
    const never = new Date('2999-01-01');
    const unreadable = [
      '',
      'yesterday',
      '2026-02-30T00:00:00Z',
      '0001-01-01T00:00:00',
      '/Date(1)/',
      '2026-13-01T00:00:00Z',
      5,
      null,
      {},
      undefined,
    ];
    for (const created of unreadable) expect(isOlder(family, { created }, never)).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (document) => {
        const created =
          document !== null && typeof document === 'object' && 'created' in document ? document.created : 0;
        expect(isOlder(family, document, never)).toBe(latestMoment(created) !== undefined);
      }),
    );
    expect(isOlder({}, { created: '2001-01-01T00:00:00Z' }, never)).toBe(false);
  });

  it('can go by age only where the catalogue names the member and it takes nothing with it', () => {
    const aged = FAMILIES.filter(({ age }) => age !== undefined);
    expect(aged.map((one) => one.family)).toEqual(expect.arrayContaining(['cv-images', 'cv-predictions', 'ml-models']));
    for (const { erase } of aged) {
      expect(erase.by).toBe('call');
      expect(erase).not.toHaveProperty('contains');
      expect(erase).not.toHaveProperty('cascades');
    }
  });
});
