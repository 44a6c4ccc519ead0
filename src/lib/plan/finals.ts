import type { AttemptLine, ItemLine, ProofLevel } from '../domain/ledger.ts';
import { assertNever } from '../domain/never.ts';

/** What reading back showed: gone, proved so; or still there. */
export type ReadBack = { readonly gone: true; readonly proof: ProofLevel } | { readonly gone: false };

const erased = (key: string, cause: 'observed' | 'unobserved' | 'in-batch', proof: ProofLevel): ItemLine => ({
  line: 'item',
  key,
  outcome: 'erased',
  cause,
  proof,
});

/** Final line of an item that is proved gone (design.md, 7: erased, absent, or gone but unobserved). */
function finalOfGone(attempt: AttemptLine, proof: ProofLevel): ItemLine {
  switch (attempt.answer) {
    case 'accepted':
      // Somebody else may have deleted one of several after the plan: upstream accepts the call all the same.
      return erased(attempt.key, attempt.batch ? 'in-batch' : 'observed', proof);
    case 'missing-after-attempt':
    case 'unanswered':
    case 'unknown':
      return erased(attempt.key, 'unobserved', proof);
    case 'missing':
      return { line: 'item', key: attempt.key, outcome: 'absent', reason: 'It was gone at the first attempt.', proof };
    case 'refused':
    case 'drift':
    case 'not-attempted':
      if (attempt.attempted) return erased(attempt.key, 'unobserved', proof);
      return {
        line: 'item',
        key: attempt.key,
        outcome: 'absent',
        reason: 'It is gone, but not by this request.',
        proof,
      };
    default:
      return assertNever(attempt.answer, 'answer to an attempt');
  }
}

/** Final line of an item that is still there. */
function finalOfPresent(attempt: AttemptLine): ItemLine {
  const refused = (reason: string): ItemLine => ({ line: 'item', key: attempt.key, outcome: 'refused', reason });
  const kept = (reason: string): ItemLine => ({
    line: 'item',
    key: attempt.key,
    outcome: 'kept',
    reason,
    ...(attempt.left && { left: true as const }),
  });
  switch (attempt.answer) {
    case 'accepted':
    case 'missing':
    case 'missing-after-attempt':
      return refused(`Upstream answered "${attempt.answer}" to the deletion, but the item is still there.`);
    case 'unknown':
      return attempt.reason === undefined ? refused('The attempt to erase it failed.') : kept(attempt.reason);
    case 'unanswered':
      return refused(attempt.reason ?? 'Upstream never answered.');
    case 'refused':
      return refused(attempt.reason ?? 'Upstream refused.');
    case 'drift':
    case 'not-attempted':
      return kept(attempt.reason ?? 'It was not attempted.');
    default:
      return assertNever(attempt.answer, 'answer to an attempt');
  }
}

/** The one final line of an item, from what was attempted and what reading back shows. Only a proof makes `erased`. */
export const finalLine = (attempt: AttemptLine, readBack: ReadBack): ItemLine =>
  readBack.gone ? finalOfGone(attempt, readBack.proof) : finalOfPresent(attempt);

/** Answers after which an item that is still there may yet go: its deletion was called for, and not refused. */
const PENDING: readonly AttemptLine['answer'][] = ['accepted', 'missing', 'missing-after-attempt', 'unanswered'];
export const mayStillGo = ({ answer, attempted }: AttemptLine): boolean =>
  attempted === true || PENDING.includes(answer);
