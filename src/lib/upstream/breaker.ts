import { type Clock, secondsBetween } from '../domain/clock.ts';
import {
  afterFailure,
  type BreakerLimits,
  isEnough,
  longer,
  type Pause,
  pausedNow,
  type Series,
  type Sight,
  withProbe,
} from '../plan/breaker.ts';

/** Whether a slice may work on a target. `probe`: it is the one that tries whether the pause is over. */
export type Entrance =
  | { readonly kind: 'go' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'later'; readonly pause: Pause };

/** Pauses a target that is down or refuses our sign-in, for all instances, and lets one at a time try whether it is back. */
export interface Breaker {
  /** Asked once before a slice works. */
  enter(target: string): Promise<Entrance>;
  /** The pause as storage has it now. */
  pause(target: string): Promise<Pause | undefined>;
  /** Told of every call. */
  saw(target: string, sight: Sight): Promise<void>;
}

export interface BreakerOptions {
  /** Where pauses are kept, by compare-and-set; undefined ends one. */
  readonly pauses: {
    read(target: string): Promise<Pause | undefined>;
    change(target: string, next: (pause: Pause | undefined) => Pause | undefined): Promise<Pause | undefined>;
  };
  readonly clock: Clock;
  readonly limits: BreakerLimits;
}

/** Another instance's pause is known here at the latest after so long. */
const KNOWN_SECONDS = 5;

interface Lane {
  series?: Series | undefined;
  pause?: Pause | undefined;
  readAt?: Date;
}

export function createBreaker({ pauses, clock, limits }: BreakerOptions): Breaker {
  const lanes = new Map<string, Lane>();
  const laneOf = (target: string): Lane => {
    const lane = lanes.get(target) ?? {};
    lanes.set(target, lane);
    return lane;
  };
  const learn = (target: string, pause: Pause | undefined): Pause | undefined => {
    Object.assign(laneOf(target), { pause, readAt: clock.now() });
    return pause;
  };
  const change = async (target: string, next: (pause: Pause | undefined) => Pause | undefined) =>
    learn(target, await pauses.change(target, next));
  return {
    async enter(target) {
      const { pause, readAt } = laneOf(target);
      const isFresh = readAt !== undefined && secondsBetween(readAt, clock.now()) < KNOWN_SECONDS;
      const known = isFresh ? pause : learn(target, await pauses.read(target));
      return known ? tryAt(target, change, { now: clock.now(), limits }) : { kind: 'go' };
    },
    pause: async (target) => learn(target, await pauses.read(target)),
    async saw(target, sight) {
      const lane = laneOf(target);
      if (sight.kind === 'well') {
        lane.series = undefined;
        if (lane.pause) await change(target, () => undefined);
        return;
      }
      const now = clock.now();
      const { because } = sight;
      if (lane.pause)
        return void (await change(target, (pause) => pause && afterFailure(pause, because, { now, limits })));
      lane.series = longer(lane.series, sight, now);
      if (!isEnough(lane.series, now, limits)) return;
      lane.series = undefined;
      await change(target, (pause) => pause ?? pausedNow(because, now, limits));
    },
  };
}

/** Of all who come when the wait is over one tries, the others come later. */
async function tryAt(
  target: string,
  change: (target: string, next: (pause: Pause | undefined) => Pause | undefined) => Promise<Pause | undefined>,
  { now, limits }: { now: Date; limits: BreakerLimits },
): Promise<Entrance> {
  let isProbe = false;
  const pause = await change(target, (before) => {
    const probe = before && withProbe(before, now, limits);
    isProbe = probe !== undefined;
    return probe ?? before;
  });
  if (!pause) return { kind: 'go' };
  return isProbe ? { kind: 'probe' } : { kind: 'later', pause };
}
