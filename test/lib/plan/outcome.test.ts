import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { outcomeOf } from '../../../src/lib/plan/outcome.ts';
import { newRecord } from '../store/support/records.ts';

const cancel = { at: '2026-05-01T00:00:00.000Z', actor: 'portal', reason: 'withdrawn' };

describe('How a request ends', () => {
  it('is completed only if nothing was refused, nothing is unknown and nothing is to be decided', () => {
    const facts = fc.record({
      gaps: fc.nat(2),
      refused: fc.nat(2),
      drift: fc.nat(2),
      faults: fc.array(fc.constant('Broken.'), { maxLength: 1 }),
      settling: fc.option(fc.constant('The deadline passed.'), { nil: undefined }),
      cancelled: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, ({ gaps, refused, drift, faults, settling, cancelled }) => {
        const record = newRecord({ state: 'running', ...(cancelled ? { cancel } : {}) });
        const { event, reason } = outcomeOf(record, { ...NO_COUNTS, gaps, refused, drift }, { faults, settling });
        const whole = gaps + refused + drift + faults.length === 0 && settling === undefined && !cancelled;
        expect(event === 'complete').toBe(whole);
        expect(reason).not.toBe('');
      }),
    );
  });

  it.each([
    ['fail', { ...NO_COUNTS, refused: 1 }, { faults: ['Task 1-00: broken.'] }, { cancel }],
    ['end-cancelled', { ...NO_COUNTS, refused: 1 }, { faults: [] }, { cancel }],
    ['complete-partially', { ...NO_COUNTS, gaps: 1 }, { faults: [] }, {}],
    ['complete-partially', { ...NO_COUNTS, refused: 1 }, { faults: [] }, {}],
    ['complete-partially', { ...NO_COUNTS, drift: 1, kept: 1 }, { faults: [] }, {}],
    ['complete-partially', NO_COUNTS, { faults: [], settling: 'The deadline passed.' }, {}],
    ['complete', { ...NO_COUNTS, kept: 3 }, { faults: [] }, {}],
  ] as const)('is %s, broken ledgers first, then the wish of people, then what upstream did (%#)', (...row) => {
    const [event, counts, at, change] = row;
    expect(outcomeOf(newRecord({ state: 'running', ...change }), counts, at).event).toBe(event);
  });
});
