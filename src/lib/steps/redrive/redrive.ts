import type { Actor } from '../../domain/actor.ts';
import { addDays } from '../../domain/clock.ts';
import { editionOf, MOST_EDITIONS } from '../../domain/edition.ts';
import { nameOfHold } from '../../domain/hold.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { RedriveOrder } from '../../domain/orders.ts';
import { type Chosen, MOST_REDRIVES, type Redrive } from '../../domain/redrive.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { move, note } from '../../plan/moves.ts';
import { isSameOrder, mergeOrders, remedyFor, standsAgainst } from '../../plan/redrive.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdsOn } from '../holds.ts';
import { lookAgain } from '../look-again.ts';
import { type Ruling, ruleOn } from '../rule-on.ts';
import { revisionOf } from '../tasks.ts';
import { type Failed, failedIn, nothingFailed } from './failed.ts';

export interface RedriveInput {
  readonly requestId: RequestId;
  readonly order: RedriveOrder;
  readonly actor: Actor;
}

type Refused =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'refused'; readonly why: string }
  /** Place in `only` of what the request has no task for. */
  | { readonly kind: 'unknown'; readonly index: number };
export type Redriven =
  | Refused
  | { readonly kind: 'missing' }
  | { readonly kind: 'ordered'; readonly record: RequestRecord };

interface Given {
  readonly wish: Redrive;
  readonly failed: Failed;
  readonly now: Date;
  readonly deadline: string;
}

/**
 * Has done again what failed: while the request runs, once the rest of it is through; after it ended partially, at once, by a run of its own and with
 * a receipt of its own. The same order by the same actor may come again.
 */
export async function redrive(deps: Dependencies, input: RedriveInput): Promise<Redriven> {
  const { requestId, order, actor } = input;
  if (!actor.named) return { kind: 'unnamed' };
  const seen = await deps.records.read(requestId);
  if (!seen) return { kind: 'missing' };
  const stopped = await stopOf(deps, seen);
  if (stopped) return stopped;
  const failed = await failedIn(deps, seen);
  const index = unknownIn(failed, order.only);
  if (index >= 0) return { kind: 'unknown', index };
  const now = deps.clock.now();
  const wish = { at: now.toISOString(), actor: actor.name, ...order };
  const given = { wish, failed, now, deadline: addDays(now, deps.limits.requestDays).toISOString() };
  const ruled = await ruleOn(deps, requestId, (record) => rule(record, seen, given));
  if (ruled.kind !== 'ruled') return ruled;
  if (!ruled.isRepeated) deps.log('redrive', { requestId, state: seen.state, redrives: ruled.record.redrives ?? 0 });
  await lookAgain(deps, requestId);
  return { kind: 'ordered', record: ruled.record };
}

/** A hold keeps back what would be begun now, an export too where the hold doesn't allow them. */
async function stopOf(deps: Dependencies, record: RequestRecord): Promise<Refused | undefined> {
  const why = standsAgainst(record);
  if (why !== undefined) return { kind: 'refused', why };
  const isRead = record.submission.action === 'export';
  const holds = (await holdsOn(deps, record)).filter((hold) => !isRead || !hold.allowExports);
  const names = holds.map(({ id }) => nameOfHold(id)).join(', ');
  return names === '' ? undefined : { kind: 'refused', why: `It is held (${names}): lift the hold first.` };
}

const unknownIn = ({ tasks }: Failed, only: readonly Chosen[] | undefined): number =>
  (only ?? []).findIndex(({ taskId }) => !tasks.some((task) => task.taskId === taskId));

function rule(record: RequestRecord, seen: RequestRecord, given: Given): Ruling<Refused> {
  const refuse = (why: string): Ruling<Refused> => ({ refused: { kind: 'refused', why } });
  const why = standsAgainst(record);
  if (why !== undefined) return refuse(why);
  const { wish, failed } = given;
  if (isRepeated(record, wish, failed)) return 'repeated';
  if (record.state !== seen.state || revisionOf(record) !== revisionOf(seen))
    return refuse('It has gone on in this very moment: look at it again.');
  if ((record.redrives ?? 0) >= MOST_REDRIVES || editionOf(record) >= MOST_EDITIONS)
    return refuse(`It was sent again ${MOST_REDRIVES} times before, and that is the most.`);
  const change = record.state === 'partially-completed' ? resume(record, given) : order(record, given);
  return 'entry' in change ? { change } : { refused: change };
}

/** The same order, which waits or has been taken up: as long as nothing has failed since. */
const isRepeated = ({ redrive, again, state }: RequestRecord, wish: Redrive, failed: Failed): boolean =>
  state !== 'partially-completed' &&
  ((redrive !== undefined && isSameOrder(redrive, wish)) ||
    (again !== undefined && isSameOrder(again, wish) && nothingFailed(failed)));

/** While it runs: noted, and taken up when all that goes on now has come to its end. */
function order(record: RequestRecord, { wish, failed, now }: Given): RecordChange | Refused {
  if (nothingFailed(failed, wish.only)) return { kind: 'refused', why: 'Nothing of this has failed so far.' };
  return note(record, 'redrive-ordered', {
    at: now,
    actor: wish.actor,
    reason: wish.reason,
    patch: {
      redrive: record.redrive ? mergeOrders(record.redrive, wish) : wish,
      redrives: (record.redrives ?? 0) + 1,
    },
  });
}

/** After its end: a run, a sealing and a receipt more. What was sealed stays as it is. */
function resume(record: RequestRecord, { wish, failed, now, deadline }: Given): RecordChange | Refused {
  const remedy = remedyFor(record, failed.counts);
  if (remedy.kind === 'none') return { kind: 'refused', why: remedy.why };
  const isAgain = remedy.kind === 'again';
  if (isAgain && nothingFailed(failed, wish.only)) return { kind: 'refused', why: 'Nothing of this has failed.' };
  const revision = revisionOf(record) + 1;
  const change = move(record, 'resume', {
    at: now,
    actor: wish.actor,
    reason: wish.reason,
    patch: {
      ...(isAgain
        ? { plan: { revision, hash: record.plan?.hash ?? '' }, again: { ...wish, revision } }
        : // Nothing of this plan is approved: the run makes another, which somebody has to decide on.
          { plan: { revision: revision - 1, hash: '' } }),
      edition: editionOf(record) + 1,
      redrives: (record.redrives ?? 0) + 1,
      redrive: undefined,
      standDown: undefined,
      escalatedAt: undefined,
      withoutPackage: undefined,
      outcome: undefined,
      endedAt: undefined,
      deadline: deadline > record.deadline ? deadline : record.deadline,
      run: { n: record.run.n, ended: true },
    },
  });
  return change ?? { kind: 'refused', why: `It is ${record.state}.` };
}
