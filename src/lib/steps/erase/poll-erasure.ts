import type { FoundLine } from '../../domain/ledger.ts';
import type { Attempted } from '../slice/attempted.ts';
import { afterPause, type SliceContext } from '../slice/context.ts';

type Polled = Exclude<Attempted, { kind: 'begun' }>;

/** Asks how a deletion ends that upstream goes on with. Its word is only about the call: whether the item is gone is proved later. */
export async function pollErasure(context: SliceContext, item: FoundLine, pollUrl: string): Promise<Polled> {
  const verdict = await context.deps.upstream.poll(context.target, pollUrl);
  const answered = (answer: 'accepted' | 'refused' | 'unanswered', reason?: string): Polled => ({
    kind: 'answered',
    lines: [{ line: 'attempt', key: item.key, answer, ...(reason === undefined ? {} : { reason }) }],
  });
  switch (verdict.kind) {
    case 'busy':
      return verdict;
    case 'refused':
      // The question was refused, not the deletion: that was begun, and may have come to its end.
      return answered('unanswered', verdict.reason);
    case 'absent':
      return answered('accepted');
    case 'ok':
      break;
  }
  if (verdict.value === 'succeeded') return answered('accepted');
  if (verdict.value === 'running')
    return { kind: 'busy', until: verdict.pollAfter ?? afterPause(context), reason: 'The deletion goes on.' };
  return answered('refused', `The deletion ended as failed: ${verdict.value.failed}`);
}
