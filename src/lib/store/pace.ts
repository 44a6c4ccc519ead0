import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { parseStored, readText, writeText } from './blobs.ts';
import { untilSettled } from './contention.ts';
import { FRESH_PACE, type Grant, grantCalls, type PaceLimits, type PaceState } from './gcra.ts';
import { targetFolder } from './names.ts';
import { type ClockSkew, clockSkew } from './skew.ts';
import type { Storage } from './storage.ts';

export type { Grant, PaceLimits } from './gcra.ts';

/** What isn't used is lost to everyone: so nobody is granted more than one call that is further ahead than this. */
const HORIZON_MILLISECONDS = 15_000;

const stateSchema = z.object({ v: z.literal(1), tat: z.number(), pausedUntil: z.number() });

/** The pace of calls to a target, kept across instances. */
export interface Pace {
  /**
   * Reserves one to `calls` calls. Times are milliseconds since the epoch on this machine's clock. Who lets a call's time pass has
   * lost it: made later, it may meet those of others.
   * @throws TooMuchContention
   */
  reserve(target: string, limits: PaceLimits, calls: number): Promise<Grant>;
  /** Upstream asked to be left alone: nothing is reserved before `until`, by any instance. Reservations made before stand. */
  pause(target: string, until: Date): Promise<void>;
}

/** One of these for each process: it learns how far its clock is off the storage account's, in whose time the blob is kept. */
export function pace(storage: Storage, clock: Clock): Pace {
  const skew = clockSkew();
  const now = () => clock.now().getTime();
  const change = async <T>(target: string, next: (state: PaceState) => { state: PaceState; result: T }) => {
    const name = `${targetFolder(target)}/pace.json`;
    return untilSettled(name, () => tryChange({ storage, name, now, skew }, next));
  };
  return {
    async reserve(target, limits, calls) {
      const { result } = await change(target, (state) => {
        const ask = { now: now() + skew.offset(), calls, horizonMs: HORIZON_MILLISECONDS };
        const { state: after, grant } = grantCalls(state, limits, ask);
        return { state: after, result: { ...grant, startAt: grant.startAt - skew.offset() } };
      });
      return result;
    },
    async pause(target, until) {
      await change(target, (state) => {
        const pausedUntil = Math.max(state.pausedUntil, until.getTime() + skew.offset());
        return { state: pausedUntil === state.pausedUntil ? state : { ...state, pausedUntil }, result: undefined };
      });
    },
  };
}

interface PaceBlob {
  readonly storage: Storage;
  readonly name: string;
  readonly now: () => number;
  readonly skew: ClockSkew;
}

/**
 * undefined: another instance was faster, or there was no blob yet. Then an empty one is written first, to be read: only an answer tells how far
 * our clock is off, and times of a clock that is ahead would keep everybody waiting. A state that stays the same object is not written.
 */
async function tryChange<T>(
  { storage, name, now, skew }: PaceBlob,
  next: (state: PaceState) => { state: PaceState; result: T },
): Promise<{ result: T } | undefined> {
  const sentAt = now();
  const stored = await readText(storage.container, name);
  if (!stored) {
    await writeText(storage.container, name, { text: textOf(FRESH_PACE), options: { onlyIf: 'absent' } });
    return undefined;
  }
  if (stored.answeredAt) skew.observe({ sentAt, receivedAt: now(), answeredAt: stored.answeredAt });
  const before = parseStored(name, stored.text, stateSchema);
  const { state, result } = next(before);
  if (state === before) return { result };
  const written = await writeText(storage.container, name, {
    text: textOf(state),
    options: { onlyIf: { etag: stored.etag } },
  });
  return written.kind === 'written' ? { result } : undefined;
}

const textOf = ({ tat, pausedUntil }: PaceState): string => JSON.stringify({ v: 1, tat, pausedUntil });
