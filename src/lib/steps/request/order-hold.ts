import type { Actor } from '../../domain/actor.ts';
import { addSeconds } from '../../domain/clock.ts';
import { errorClassOf } from '../../domain/error-class.ts';
import { type Hold, type HoldPlace, nameOfHold, placeOf } from '../../domain/hold.ts';
import { type RequestId, requestIdSchema } from '../../domain/ids.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { HoldOrder } from '../../domain/orders.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack } from '../holds.ts';
import { lookAgain } from '../look-again.ts';
import { openRequests } from '../open-requests.ts';

export type HoldSet =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'unknown'; readonly field: 'request' | 'target' }
  | { readonly kind: 'review-passed' }
  | { readonly kind: 'set'; readonly hold: Hold };

/** How long a call goes through the open requests: its caller waits, and the watchdog comes to the rest. */
const TOUCH_SECONDS = 20;

/**
 * Sets a hold. Once this has answered, no slice that begins deletes anything of what is held. One at work looks at the record between its groups of
 * calls, at most every three seconds: until it has looked it may begin further calls, and what it has called for is carried out.
 */
export async function setHold(deps: Dependencies, order: HoldOrder, actor: Actor): Promise<HoldSet> {
  if (!actor.named) return { kind: 'unnamed' };
  const now = deps.clock.now();
  if (new Date(order.reviewBy) <= now) return { kind: 'review-passed' };
  const found = await findPlace(deps, order);
  if (found.kind !== 'place') return found;
  const { reason, reviewBy, allowExports } = order;
  const facts = { reason, actor: actor.name, at: now.toISOString(), reviewBy, allowExports };
  const hold = await deps.holds.add(found.place, facts);
  await noteOnRequest(deps, hold, { event: 'hold-set', by: hold });
  deps.log('hold-set', { hold: nameOfHold(hold.id), actor: actor.name, reviewBy });
  await touched(deps, hold, async (record) => void (await holdBack(deps, record)));
  return { kind: 'set', hold };
}

async function findPlace(
  deps: Dependencies,
  { request, target, reference }: HoldOrder,
): Promise<{ kind: 'place'; place: HoldPlace } | Extract<HoldSet, { kind: 'unknown' }>> {
  if (request !== undefined) {
    const record = await deps.records.read(request);
    if (!record) return { kind: 'unknown', field: 'request' };
    return { kind: 'place', place: { scope: 'request', key: request } };
  }
  if (target !== undefined) {
    if (!deps.target(target)) return { kind: 'unknown', field: 'target' };
    return { kind: 'place', place: { scope: 'target', key: target } };
  }
  return { kind: 'place', place: { scope: 'subject', key: await deps.holds.subjectKey(reference ?? '') } };
}

export type HoldLifted =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'lifted'; readonly hold: Hold };

/** Lifts a hold, and has what waits because of it looked at; the watchdog finds what this call doesn't come to. May come again. */
export async function liftHold(
  deps: Dependencies,
  given: { readonly id: string; readonly reason: string; readonly actor: Actor },
): Promise<HoldLifted> {
  if (!given.actor.named) return { kind: 'unnamed' };
  const lifted = { at: deps.clock.now().toISOString(), actor: given.actor.name, reason: given.reason };
  const hold = await deps.holds.lift(given.id, lifted);
  if (!hold) return { kind: 'missing' };
  if (hold.lifted?.at === lifted.at) {
    await noteOnRequest(deps, hold, { event: 'hold-lifted', by: lifted });
    deps.log('hold-lifted', { hold: nameOfHold(hold.id), actor: given.actor.name });
  }
  await touched(deps, hold, (record) => lookAgain(deps, record.requestId));
  return { kind: 'lifted', hold };
}

async function noteOnRequest(
  deps: Dependencies,
  hold: Hold,
  { event, by }: { event: string; by: { at: string; actor: string; reason: string } },
): Promise<void> {
  const place = placeOf(hold.id);
  const requestId = place?.scope === 'request' ? requestIdSchema.safeParse(place.key) : undefined;
  if (!requestId?.success) return;
  await deps.records.change(requestId.data, (record) =>
    note(record, event, { at: new Date(by.at), actor: by.actor, reason: by.reason }),
  );
}

/**
 * What a hold may keep back, as far as tags say so already and the time allows; the watchdog finds the rest, and what fails here: the hold itself is
 * written down, and that is what every run and slice goes by.
 */
async function touched(deps: Dependencies, hold: Hold, act: (record: RequestRecord) => Promise<void>): Promise<void> {
  const place = placeOf(hold.id);
  if (!place) return;
  const touch = async (requestId: RequestId): Promise<void> => {
    try {
      const record = await deps.records.read(requestId);
      const isMeant = place.scope !== 'target' || record?.targets.includes(place.key);
      if (record && isMeant && !isEnded(record.state)) await act(record);
    } catch (error) {
      deps.log('hold-failed-on', { requestId, errorClass: errorClassOf(error) });
    }
  };
  if (place.scope === 'request') return touch(requestIdSchema.parse(place.key));
  const until = addSeconds(deps.clock.now(), TOUCH_SECONDS);
  for await (const { requestId } of openRequests(deps)) {
    if (deps.clock.now() >= until) return;
    await touch(requestId);
  }
}
