import { z } from 'zod';
import { addSeconds } from '../domain/clock.ts';

const moment = z.iso.datetime();

/**
 * Why nobody calls a target, since when, and when somebody tries again. `tries`: tries that failed since. `probing`: somebody tries now, and
 * `nextTry` is when another may if nothing is heard of that.
 */
export const pauseSchema = z.object({
  since: moment,
  because: z.string(),
  tries: z.number().int().nonnegative(),
  nextTry: moment,
  probing: z.boolean(),
});
export type Pause = z.infer<typeof pauseSchema>;

export interface BreakerLimits {
  /** The first wait before somebody tries again. */
  readonly firstSeconds: number;
  /** Each wait is twice the one before, up to this. */
  readonly ceilingSeconds: number;
}

/** What a call has shown of its target. `down`: no answer, or a gateway's; `failed`: an error that may be the thing's own. */
export type Sight =
  | { readonly kind: 'well' }
  | { readonly kind: 'down' | 'failed' | 'sign-in'; readonly because: string; readonly place: string };

/** Failures in a row, and nothing else in between. */
export interface Series {
  readonly count: number;
  readonly since: Date;
  readonly signIns: number;
  readonly downs: number;
  /** The first few places that failed: one thing that always fails says nothing of the target. */
  readonly places: readonly string[];
}

const ENOUGH_FAILURES = 5;
const ENOUGH_SIGN_INS = 2;

/** The series with one more failure. */
export function longer(series: Series | undefined, sight: Exclude<Sight, { kind: 'well' }>, now: Date): Series {
  const { count, since, signIns, downs, places } = series ?? { count: 0, since: now, signIns: 0, downs: 0, places: [] };
  return {
    count: count + 1,
    since,
    signIns: signIns + (sight.kind === 'sign-in' ? 1 : 0),
    downs: downs + (sight.kind === 'down' ? 1 : 0),
    places: places.length > 1 || places.includes(sight.place) ? places : [...places, sight.place],
  };
}

/**
 * Whether that many failures in a row are the target's own: enough of them over a third of the first wait, so that what passes in seconds
 * pauses nothing; refused sign-ins sooner.
 */
export function isEnough({ count, since, signIns, downs, places }: Series, now: Date, limits: BreakerLimits): boolean {
  if (signIns >= ENOUGH_SIGN_INS) return true;
  const lasted = now.getTime() - since.getTime() >= (limits.firstSeconds * 1000) / 3;
  return count >= ENOUGH_FAILURES && lasted && (downs > 0 || places.length > 1);
}

export const pausedNow = (because: string, now: Date, { firstSeconds }: BreakerLimits): Pause => ({
  since: now.toISOString(),
  because,
  tries: 0,
  nextTry: addSeconds(now, firstSeconds).toISOString(),
  probing: false,
});

/** The pause while one tries whether it is over; undefined before its time. */
export const withProbe = (pause: Pause, now: Date, { firstSeconds }: BreakerLimits): Pause | undefined =>
  now.toISOString() < pause.nextTry
    ? undefined
    : { ...pause, probing: true, nextTry: addSeconds(now, firstSeconds).toISOString() };

/** The pause after the one who tried has failed; whoever was on the way before says nothing new. */
export function afterFailure(pause: Pause, because: string, at: { now: Date; limits: BreakerLimits }): Pause {
  if (!pause.probing) return pause;
  const { firstSeconds, ceilingSeconds } = at.limits;
  const tries = pause.tries + 1;
  const seconds = Math.min(ceilingSeconds, firstSeconds * 2 ** Math.min(tries, 30));
  return { ...pause, because, tries, probing: false, nextTry: addSeconds(at.now, seconds).toISOString() };
}
