import type { Actor } from '../../domain/actor.ts';
import { type Hold, type HoldPlace, placeOf } from '../../domain/hold.ts';
import { requestIdSchema } from '../../domain/ids.ts';
import { ACTIVE_STATES, isEnded } from '../../domain/lifecycle.ts';
import type { HoldOrder } from '../../domain/orders.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack } from '../holds.ts';
import { lookAgain } from '../look-again.ts';

export type HoldSet =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'unknown'; readonly field: 'request' | 'target' }
  | { readonly kind: 'review-passed' }
  | { readonly kind: 'set'; readonly hold: Hold };

const PAGE = 100;

/** Sets a hold. From when this answers, no slice of what is held begins a deletion; one that has begun ends within its minute. */
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
  deps.log('hold-set', { hold: hold.id, actor: actor.name, reviewBy });
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

/** Lifts a hold, and has everything looked at that waits because of it. May come again. */
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
    deps.log('hold-lifted', { hold: hold.id, actor: given.actor.name });
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

/** What a hold may keep back, as far as its tags say so already; the watchdog finds the rest. */
async function touched(deps: Dependencies, hold: Hold, act: (record: RequestRecord) => Promise<void>): Promise<void> {
  const place = placeOf(hold.id);
  if (place?.scope === 'request') {
    const record = await deps.records.read(requestIdSchema.parse(place.key));
    if (record && !isEnded(record.state)) await act(record);
    return;
  }
  for (const state of [...ACTIVE_STATES, 'awaiting-decision' as const]) {
    let continuation: string | undefined;
    do {
      const page = await deps.records.list({ state, limit: PAGE, ...(continuation !== undefined && { continuation }) });
      for (const requestId of page.requestIds) {
        const record = await deps.records.read(requestId);
        const isMeant = place?.scope === 'subject' || (place && record?.targets.includes(place.key));
        if (record && isMeant && !isEnded(record.state)) await act(record);
      }
      continuation = page.continuation;
    } while (continuation !== undefined);
  }
}
