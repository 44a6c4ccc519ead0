import type { RequestRecord } from '../../domain/request.ts';
import { DESTROYS, type SliceMessage } from '../../domain/slice.ts';
import type { OpenFacts, OpenSlice } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack } from '../holds.ts';
import { attempt, placeOf } from './attempt.ts';
import { carrierOf } from './carrier.ts';
import { carryOn } from './carry-on.ts';
import { finishAgain, type RaiseEvent, tellRound } from './finish-slice.ts';
import { giveUpSlice, isCurrent } from './give-up.ts';
import { noteError } from './note-error.ts';
import { releaseCarried } from './wait-until.ts';

/** What became of a message; for the log only. */
export type Handled = 'stale' | 'done' | 'done-before' | 'waiting' | 'raced' | 'given-up' | 'held';

/**
 * Works on one slice: reads the record, counts the attempt, works, commits the result once, writes the slices it leaves, closes, goes on
 * with what it has left as long as that is one slice, and tells the round. May be called any number of times, late, or beside itself;
 * the end state is the same.
 * @throws what the attempt throws; the open slice says by then which class of error that was.
 */
export async function handleSlice(deps: Dependencies, message: SliceMessage, raise: RaiseEvent): Promise<Handled> {
  const record = await deps.records.read(message.requestId);
  if (!record || !isCurrent(record, message.run)) return 'stale';
  const opened = await deps.slices.readOpen(message);
  const header = opened && opened.facts.attempts === 0 ? undefined : await deps.slices.readHeader(message);
  if (header) {
    await releaseCarried(deps, message);
    await finishAgain(deps, { message, header, raise, closed: opened === undefined });
    return 'done-before';
  }
  if (!opened) return 'stale';
  // The others are stopped by the next round.
  if (DESTROYS.includes(opened.work.kind) && (await holdBack(deps, record))) return 'held';
  if (opened.facts.attempts >= deps.limits.sliceAttempts) {
    await giveUpSlice(deps, message, raise);
    return 'given-up';
  }
  return begin(deps, { message, record, raise, opened });
}

async function begin(
  deps: Dependencies,
  at: { message: SliceMessage; record: RequestRecord; raise: RaiseEvent; opened: OpenSlice },
): Promise<Handled> {
  const { message, raise, opened } = at;
  const carrier = carrierOf(deps, at);
  const startedAt = carrier.started.toISOString();
  const facts: OpenFacts = { ...opened.facts, attempts: opened.facts.attempts + 1, startedAt };
  const etag = await deps.slices.note(message, facts, opened.etag);
  if (etag === undefined) return 'raced';
  const link = { message, opened: { ...opened, facts, etag } };
  const place = await placeOf(deps, link).catch((error: unknown) => failed(deps, message, { facts, error }));
  const attempted = await attempt(deps, carrier, { ...link, place }).catch((error: unknown) =>
    failed(deps, message, { facts, error }),
  );
  if (attempted.handled === 'waiting') return 'waiting';
  if (attempted.next) await carryOn(deps, carrier, { first: attempted.next, place });
  else if (!attempted.told) await tellRound(deps, { message, raise });
  return 'done';
}

async function failed(
  deps: Dependencies,
  message: SliceMessage,
  { facts, error }: { facts: OpenFacts; error: unknown },
): Promise<never> {
  await noteError(deps, message, { facts, error });
  throw error;
}
