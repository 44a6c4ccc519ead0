import { setTimeout as delay } from 'node:timers/promises';
import { addSeconds, type Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';

/** Says when calls to a target may go, so that all instances together keep to the rate that the service grants. */
export interface Pace {
  /** Resolves when one call may go, or at once when that would take longer than patience allows. */
  take(target: Target): Promise<{ readonly kind: 'go' } | { readonly kind: 'later'; readonly at: Date }>;
  /** Nobody calls the target before `until`. */
  pause(target: Target, until: Date): Promise<void>;
}

/** `calls` slots, the first `atOnce` (1) at `startAt` (milliseconds since 1970 by the local clock), the others `intervalMs` apart. */
export interface Reservation {
  readonly startAt: number;
  readonly atOnce?: number;
  readonly intervalMs: number;
  readonly calls: number;
}

/** The budget that all instances share. `reserve` grants between one and `calls` slots, none before a pause is over. */
export interface Reservations {
  reserve(targetName: string, rate: Target['pace'], calls: number): Promise<Reservation>;
  pause(targetName: string, until: Date): Promise<void>;
}

export interface PaceOptions {
  readonly reservations: Reservations;
  readonly clock: Clock;
  /** A slot further away than this is left for later. */
  readonly patienceSeconds?: number;
}

/**
 * A slot that is over for longer than this is thrown away: others may have used the room since. By as much a call may be late, so that
 * much of the service's burst is left alone.
 */
const STALE_MS = 250;

interface Lane {
  slots: number[];
  pausedUntil: number;
  /** The last in the queue of those who look for a slot; they look one after another. */
  tail: Promise<unknown>;
  /** How many they are. */
  waiting: number;
}

/** A pace over a shared budget. Slots are fetched for about a second at a time; each caller of this process waits for its own. */
export function createPace(options: PaceOptions): Pace {
  const lanes = new Map<string, Lane>();
  const laneOf = (target: Target): Lane => {
    const lane = lanes.get(target.name) ?? { slots: [], pausedUntil: 0, tail: Promise.resolve(), waiting: 0 };
    lanes.set(target.name, lane);
    return lane;
  };
  return {
    async take(target) {
      const lane = laneOf(target);
      for (;;) {
        lane.waiting += 1;
        const turn = lane.tail
          .then(() => nextSlot(options, target, lane))
          .finally(() => {
            lane.waiting -= 1;
          });
        lane.tail = turn.catch(() => undefined);
        const slot = await turn;
        if (slot.kind === 'later') return slot;
        await delay(Math.max(0, slot.at - options.clock.now().getTime()));
        const now = options.clock.now().getTime();
        // A pause may have come while we waited, or the process have been busy for too long: then the slot is void.
        if (lane.pausedUntil <= now && now - slot.at <= STALE_MS) return { kind: 'go' };
      }
    },
    async pause(target, until) {
      const lane = laneOf(target);
      lane.pausedUntil = Math.max(lane.pausedUntil, until.getTime());
      await options.reservations.pause(target.name, until);
    },
  };
}

type Slot = { readonly kind: 'slot'; readonly at: number } | { readonly kind: 'later'; readonly at: Date };

async function nextSlot(options: PaceOptions, target: Target, lane: Lane): Promise<Slot> {
  const patience = addSeconds(options.clock.now(), options.patienceSeconds ?? 20).getTime();
  if (lane.pausedUntil > patience) return { kind: 'later', at: new Date(lane.pausedUntil) };
  dropVoidSlots(options, lane);
  if (lane.slots.length === 0) await refill(options, target, lane);
  const at = lane.slots[0] ?? 0;
  // A slot far away stays in the lane: were it thrown away, each question would push the budget further.
  if (at > patience) return { kind: 'later', at: new Date(at) };
  lane.slots.shift();
  return { kind: 'slot', at };
}

function dropVoidSlots(options: PaceOptions, lane: Lane): void {
  const oldest = Math.max(options.clock.now().getTime() - STALE_MS, lane.pausedUntil);
  lane.slots = lane.slots.filter((at) => at >= oldest);
}

async function refill(options: PaceOptions, target: Target, lane: Lane): Promise<void> {
  const wanted = Math.max(1, Math.ceil(target.pace.perSecond));
  const { perSecond, burst } = target.pace;
  const rate = { perSecond, burst: Math.max(1, burst - Math.ceil((perSecond * STALE_MS) / 1000)) };
  const { startAt, atOnce = 1, intervalMs, calls } = await options.reservations.reserve(target.name, rate, wanted);
  // At once go those who wait for it; what nobody takes would be thrown away.
  const first = Math.min(atOnce, lane.waiting);
  const slot = (index: number): number => startAt + Math.max(0, index + 1 - first) * intervalMs;
  lane.slots = Array.from({ length: Math.max(1, calls) }, (_, index) => slot(index));
}
