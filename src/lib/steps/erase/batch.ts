import { z } from 'zod';
import type { EraseByCall } from '../../catalog/family.ts';
import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import { versionOf } from '../../domain/target.ts';
import type { Attempted } from '../slice/attempted.ts';
import type { SliceContext } from '../slice/context.ts';

/**
 * Erases several items by one call. Upstream accepts or refuses such a call as a whole; when it doesn't know one of the ids, halves are
 * tried, so that the known ones go and the unknown ones are found.
 */
export async function eraseBatch(
  context: SliceContext,
  way: EraseByCall,
  items: readonly FoundLine[],
): Promise<Attempted> {
  const attemptedBefore = context.facts.marked === true;
  await context.mark();
  return eraseIds(context, way, { items, attemptedBefore });
}

interface Batch {
  readonly items: readonly FoundLine[];
  readonly attemptedBefore: boolean;
}

async function eraseIds(context: SliceContext, way: EraseByCall, batch: Batch): Promise<Attempted> {
  const verdict = await context.deps.upstream.send(context.target, callFor(context, way, batch.items));
  const answer = (value: AttemptLine['answer'], reason?: string): Attempted => ({
    kind: 'answered',
    lines: batch.items.map((item) => ({
      line: 'attempt',
      key: item.key,
      answer: value,
      ...(reason === undefined ? {} : { reason }),
      ...(value === 'accepted' && batch.items.length > 1 ? { batch: true as const } : {}),
    })),
  });
  switch (verdict.kind) {
    case 'ok':
      return answer('accepted');
    case 'busy':
      return verdict;
    case 'absent':
      return batch.items.length > 1
        ? eraseHalves(context, way, batch)
        : answer(batch.attemptedBefore ? 'missing-after-attempt' : 'missing');
    case 'refused':
      // Only a refusal that may be about one of the ids is worth asking about fewer of them: a lost permission isn't.
      if (verdict.status !== 400) return answer('refused', verdict.reason);
      return batch.items.length > 1 ? eraseHalves(context, way, batch) : refusedOne(context, batch, verdict);
  }
}

function callFor(context: SliceContext, way: EraseByCall, items: readonly FoundLine[]) {
  const { family, target } = context;
  const { batch, everywhere } = way;
  const ids = items.map((item) => item.parameters[family.parameter] ?? '').join(',');
  const copiesToo =
    everywhere && Number.parseFloat(versionOf(target)) >= Number.parseFloat(everywhere.since) ? everywhere.query : {};
  return {
    operation: way.operation,
    parameters: items[0]?.parameters ?? {},
    query: { ...(batch ? { [batch.query]: ids } : {}), ...copiesToo },
  };
}

/** Error codes that say "there is no such item" with a status other than 404 (contracts/endpoints.md, row 52; inferred). */
const isUnknownId = z.string().regex(/^(?:BadRequestInvalidIds|NotFound(?:Image|Prediction)\w*)$/);

function refusedOne(_context: SliceContext, batch: Batch, verdict: { code: string; reason: string }): Attempted {
  const gone = isUnknownId.safeParse(verdict.code).success;
  const answer = gone ? (batch.attemptedBefore ? 'missing-after-attempt' : 'missing') : 'refused';
  return {
    kind: 'answered',
    lines: batch.items.map((item) => ({
      line: 'attempt',
      key: item.key,
      answer,
      ...(gone ? {} : { reason: verdict.reason }),
    })),
  };
}

/** At most log2(256) deep. */
async function eraseHalves(context: SliceContext, way: EraseByCall, batch: Batch): Promise<Attempted> {
  const middle = Math.ceil(batch.items.length / 2);
  const first = await eraseIds(context, way, { ...batch, items: batch.items.slice(0, middle) });
  if (first.kind !== 'answered') return first;
  const second = await eraseIds(context, way, { ...batch, items: batch.items.slice(middle) });
  return second.kind !== 'answered' ? second : { kind: 'answered', lines: [...first.lines, ...second.lines] };
}
