import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptLine, attemptLineSchema, itemLineSchema, PROOF_LEVELS } from '../../../src/lib/domain/ledger.ts';
import { finalLine, mayStillGo, type ReadBack } from '../../../src/lib/plan/finals.ts';

const ANSWERS = attemptLineSchema.shape.answer.options;
const attempts: fc.Arbitrary<AttemptLine> = fc
  .record(
    {
      line: fc.constant('attempt' as const),
      key: fc.string(),
      answer: fc.constantFrom(...ANSWERS),
      reason: fc.string({ minLength: 1 }),
    },
    { requiredKeys: ['line', 'key', 'answer'] },
  )
  .map((line) => attemptLineSchema.parse(line))
  .map(({ reason, ...line }) => (reason === undefined ? line : { ...line, reason }));
const readBacks: fc.Arbitrary<ReadBack> = fc.oneof(
  fc.constant<ReadBack>({ gone: false }),
  fc.constantFrom(...PROOF_LEVELS).map((proof): ReadBack => ({ gone: true, proof })),
);

describe('The final line of an item', () => {
  it('says erased or absent only with a proof, and kept or refused only with a reason', () => {
    fc.assert(
      fc.property(attempts, readBacks, (attempt, readBack) => {
        const line = finalLine(attempt, readBack);
        expect(itemLineSchema.parse(line)).toEqual(line);
        expect(line.key).toBe(attempt.key);
        expect(['erased', 'absent', 'kept', 'refused']).toContain(line.outcome);
        expect(line.outcome === 'erased' || line.outcome === 'absent').toBe(readBack.gone);
        expect(line.proof).toBe(readBack.gone ? readBack.proof : undefined);
        if (!readBack.gone) expect(line.reason ?? '').not.toBe('');
      }),
    );
  });

  it('says erased only where an attempt of this request may have done it', () => {
    for (const answer of ANSWERS) {
      const line = finalLine({ line: 'attempt', key: 'k', answer }, { gone: true, proof: 'item-404' });
      const possible = ['accepted', 'missing-after-attempt', 'unanswered', 'unknown'].includes(answer);
      expect(line.outcome, answer).toBe(possible ? 'erased' : 'absent');
      if (possible) expect(line.cause).toBe(answer === 'accepted' ? 'observed' : 'unobserved');
    }
  });

  it('says erased where an earlier call may have done it, though nothing was called for after upstream had changed', () => {
    const attempt: AttemptLine = {
      line: 'attempt',
      key: 'k',
      answer: 'drift',
      reason: 'It holds more.',
      attempted: true,
    };
    expect(finalLine(attempt, { gone: true, proof: 'item-404' })).toMatchObject({
      outcome: 'erased',
      cause: 'unobserved',
    });
    expect(finalLine(attempt, { gone: false })).toMatchObject({ outcome: 'kept', reason: 'It holds more.' });
    expect(mayStillGo(attempt)).toBe(true);
  });

  it('does not say that the deletion of this very item was observed where the call was for several', () => {
    const attempt: AttemptLine = { line: 'attempt', key: 'k', answer: 'accepted', batch: true };
    const line = finalLine(attempt, { gone: true, proof: 'absent-from-list' });
    expect(line).toMatchObject({ outcome: 'erased', cause: 'in-batch', proof: 'absent-from-list' });
  });

  it('says kept only of what was not begun, refused of what was tried in vain', () => {
    const outcomes = ANSWERS.map((answer) => [
      answer,
      finalLine({ line: 'attempt', key: 'k', answer }, { gone: false }).outcome,
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({
      accepted: 'refused',
      missing: 'refused',
      'missing-after-attempt': 'refused',
      refused: 'refused',
      drift: 'kept',
      'not-attempted': 'kept',
      unknown: 'refused',
      unanswered: 'refused',
    });
  });

  it('is waited for only where the deletion was called for and not refused', () => {
    const waiting = ANSWERS.filter((answer) => mayStillGo({ line: 'attempt', key: 'k', answer }));
    expect(waiting).toEqual(['accepted', 'missing', 'missing-after-attempt', 'unanswered']);
  });
});
