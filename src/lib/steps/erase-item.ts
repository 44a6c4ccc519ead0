import { z } from 'zod';
import type { EraseByCall } from '../catalog/family.ts';
import { isIn } from '../catalog/operation.ts';
import type { AttemptLine, FoundLine } from '../domain/ledger.ts';
import { versionOf } from '../domain/target.ts';
import type { Attempted } from './attempted.ts';
import { remainsWithin } from './remains.ts';
import { afterPause, type SliceContext } from './slice-context.ts';

/** Erases one item by its own call, after what must be done first, and only while nothing unapproved lies within it. */
export async function eraseItem(context: SliceContext, way: EraseByCall, item: FoundLine): Promise<Attempted> {
  const answered = (answer: AttemptLine['answer'], reason?: string): Attempted => ({
    kind: 'answered',
    lines: [{ line: 'attempt', key: item.key, answer, ...(reason === undefined ? {} : { reason }) }],
  });
  const remains = await remainsWithin(context, way, item);
  if (remains.kind === 'busy') return remains;
  if (remains.kind === 'drift') return answered('drift', remains.reason);
  if (remains.kind === 'refused') return answered('refused', remains.reason);
  const attemptedBefore = context.facts.marked === true;
  await context.mark();
  const prepared = await prepare(context, way, item);
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
      return (await isStillInTheWay(context, way, item))
        ? { kind: 'busy', until: afterPause(context), reason: verdict.reason }
        : answered('refused', verdict.reason);
  }
}

/** What was done first was answered as done, and has not come into effect yet. */
const isStillInTheWay = async (context: SliceContext, { first }: EraseByCall, item: FoundLine): Promise<boolean> =>
  first !== undefined && isIn(first.call, versionOf(context.target)) && (await isDue(context, first, item)) === 'due';

type InTheWay = { kind: 'busy'; until: Date; reason: string } | { kind: 'refused'; reason: string };

/** For example: an iteration that is published is unpublished first, since its deletion would be refused. */
async function prepare(context: SliceContext, way: EraseByCall, item: FoundLine): Promise<InTheWay | undefined> {
  const { first } = way;
  if (!first || !isIn(first.call, versionOf(context.target))) return undefined;
  const due = await isDue(context, first, item);
  if (due !== 'due') return due === 'not-due' ? undefined : due;
  const verdict = await context.deps.upstream.send(context.target, {
    operation: first.call,
    parameters: item.parameters,
  });
  if (verdict.kind === 'busy') return verdict;
  if (verdict.kind !== 'refused') return undefined;
  // Perhaps refused because it was done: by an earlier try whose answer was lost.
  const still = await isDue(context, first, item);
  return still === 'due' ? verdict : still === 'not-due' ? undefined : still;
}

const documentOf = z.record(z.string(), z.unknown());

async function isDue(
  context: SliceContext,
  first: NonNullable<EraseByCall['first']>,
  item: FoundLine,
): Promise<'due' | 'not-due' | InTheWay> {
  const read = await context.deps.upstream.send(context.target, { operation: first.read, parameters: item.parameters });
  if (read.kind === 'busy' || read.kind === 'refused') return read;
  const document = read.kind === 'ok' ? documentOf.safeParse(read.value) : undefined;
  const member = document?.success ? document.data[first.whenFilled] : undefined;
  return typeof member === 'string' && member !== '' ? 'due' : 'not-due';
}
