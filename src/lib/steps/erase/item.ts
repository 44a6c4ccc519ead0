import type { EraseByCall } from '../../catalog/family.ts';
import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import type { Attempted } from '../slice/attempted.ts';
import { afterPause, type SliceContext } from '../slice/context.ts';
import { goesAlong } from './goes-along.ts';
import { isStillInTheWay, prepare, prepareWithin } from './prepare-item.ts';
import { remainsWithin } from './remains.ts';
import { isStillOld } from './still-old.ts';

/** Erases one item by its own call, after what must be done first, and only while nothing unapproved lies within it. */
export async function eraseItem(context: SliceContext, way: EraseByCall, item: FoundLine): Promise<Attempted> {
  const answered = (answer: AttemptLine['answer'], reason?: string): Attempted => ({
    kind: 'answered',
    lines: [{ line: 'attempt', key: item.key, answer, ...(reason === undefined ? {} : { reason }) }],
  });
  const along = await goesAlong(context, way);
  const remains = await remainsWithin(context, way, { item, along });
  if (remains.kind === 'busy') return remains;
  if (remains.kind === 'drift') return answered('drift', remains.reason);
  if (remains.kind === 'refused') return answered('refused', remains.reason);
  const age = await isStillOld(context, item);
  if (age.kind === 'busy') return age;
  if (age.kind !== 'old') return answered(age.kind === 'young' ? 'not-attempted' : 'refused', age.reason);
  const attemptedBefore = context.facts.marked === true;
  await context.mark();
  const prepared = (await prepare(context, way, item)) ?? (await prepareWithin(context, item, along));
  if (prepared?.kind === 'busy') return prepared;
  if (prepared?.kind === 'refused') return answered('refused', prepared.reason);
  const verdict = await context.deps.upstream.send(context.target, {
    operation: way.operation,
    parameters: item.parameters,
  });
  switch (verdict.kind) {
    case 'ok':
      return verdict.pollUrl === undefined
        ? answered('accepted')
        : { kind: 'begun', pollUrl: verdict.pollUrl, until: verdict.pollAfter ?? afterPause(context) };
    case 'absent':
      return answered(attemptedBefore ? 'missing-after-attempt' : 'missing');
    case 'busy':
      return verdict;
    case 'refused':
      return (await isStillInTheWay(context, way, { item, along }))
        ? { kind: 'busy', until: afterPause(context), reason: verdict.reason }
        : answered('refused', verdict.reason);
  }
}
