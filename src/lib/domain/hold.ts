import { createHash } from 'node:crypto';
import { z } from 'zod';
import { addSeconds, secondsBetween } from './clock.ts';

/** What a hold may lie on. `subject`: the portal's reference for a person, known here by a keyed digest only. */
export const HOLD_SCOPES = ['request', 'target', 'subject'] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];

/** The thing held. `key`: a request's id, a target's name, or the digest of a reference. */
export interface HoldPlace {
  readonly scope: HoldScope;
  readonly key: string;
}

const HOLD_ID = /^(request|target|subject)\.([a-z0-9][a-z0-9-]{0,63})\.[0-9a-f]{16}$/;
const moment = z.iso.datetime();

/** Why deletes wait, who said so, and when somebody has to ask whether it still holds. A lifted one stays, for the account of it. */
export const holdSchema = z.object({
  id: z.string().regex(HOLD_ID),
  reason: z.string(),
  actor: z.string(),
  at: moment,
  reviewBy: moment,
  allowExports: z.boolean(),
  lifted: z.object({ at: moment, actor: z.string(), reason: z.string() }).optional(),
  /** The last review that the operator was reminded of. */
  reminded: moment.optional(),
});
export type Hold = z.infer<typeof holdSchema>;

/** The place that a hold's id names; undefined for what can't be one. */
export function placeOf(holdId: string): HoldPlace | undefined {
  const match = HOLD_ID.exec(holdId);
  const scope = HOLD_SCOPES.find((candidate) => candidate === match?.[1]);
  return scope && match?.[2] !== undefined ? { scope, key: match[2] } : undefined;
}

/**
 * A hold in what is kept for good. One on a person's reference is named by the end of its id alone, which comes of the order: nothing there
 * can be held against a guess at the reference, not even by who has the key of the digests.
 */
export const nameOfHold = (id: string): string => (placeOf(id)?.scope === 'subject' ? `subject.${id.slice(-16)}` : id);

/** The same order has the same id until it is lifted: it may come again. @param lifted how many were lifted at the place before. */
export function holdId(place: HoldPlace, order: Pick<Hold, 'reason' | 'actor' | 'reviewBy'>, lifted: number): string {
  const digest = createHash('sha256').update(JSON.stringify([order.actor, order.reason, order.reviewBy, lifted]));
  return `${place.scope}.${place.key}.${digest.digest('hex').slice(0, 16)}`;
}

/** Days between two reminders of the same hold. */
const REPEAT_DAYS = 7;

/** The last moment at which a review of the hold was due, once a week from its review date on; undefined before that. */
export function reviewDue({ reviewBy }: Pick<Hold, 'reviewBy'>, now: Date): string | undefined {
  const over = secondsBetween(new Date(reviewBy), now);
  if (over < 0) return undefined;
  const repeat = REPEAT_DAYS * 86_400;
  return addSeconds(new Date(reviewBy), Math.floor(over / repeat) * repeat).toISOString();
}

/** How a record says that holds keep it back. `left`: what it held of its targets was given back. */
export const heldSchema = z.object({
  since: moment,
  by: z.array(z.string()).min(1),
  left: z.boolean().optional(),
  /** Reviews that were reminded of: hold and review date. */
  reminded: z.array(z.string()).optional(),
});
