import { familyNamed } from '../../catalog/catalog.ts';
import { secondsBetween } from '../../domain/clock.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { SliceMessage, SliceWork } from '../../domain/slice.ts';
import { pseudonymOf } from '../../domain/submission-digest.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack, keptBackBy } from '../holds.ts';
import { requestQueueOf } from '../queue-names.ts';
import { seal } from '../receipt/seal.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { settlingReason } from '../slice/settling.ts';
import { SumsRead } from '../slice/sums-of.ts';
import { registeredTarget, taskOf } from '../tasks.ts';
import { afterProbe, enterTarget } from './enter-target.ts';
import { errorTold } from './error-told.ts';
import { finish, finishAgain, type RaiseEvent } from './finish-slice.ts';
import { giveUpSlice, isCurrent } from './give-up.ts';
import { placeTold, tellCounts } from './told-slice.ts';
import { workOn } from './work-on.ts';

/** What became of a message; for the log only. */
export type Handled = 'stale' | 'done' | 'done-before' | 'waiting' | 'raced' | 'given-up' | 'held';

/** Kinds of slices that delete upstream; the others are stopped by the next round. */
const DESTROYS: readonly SliceWork['kind'][] = ['erase', 'clear'];

interface Opened {
  readonly work: SliceWork;
  readonly facts: OpenFacts;
  readonly etag: string;
}

/**
 * Works on one slice: reads the record, counts the attempt, works, commits the result once, writes the slices it leaves, closes, and
 * tells the round. May be called any number of times, late, or beside itself; the end state is the same.
 * @throws what the attempt throws; the open slice says by then which class of error that was.
 */
export async function handleSlice(deps: Dependencies, message: SliceMessage, raise: RaiseEvent): Promise<Handled> {
  const record = await deps.records.read(message.requestId);
  if (!record || !isCurrent(record, message.run)) return 'stale';
  const opened = await deps.slices.readOpen(message);
  const header = opened && opened.facts.attempts === 0 ? undefined : await deps.slices.readHeader(message);
  if (header) {
    await finishAgain(deps, { message, header, raise, closed: opened === undefined });
    return 'done-before';
  }
  if (!opened) return 'stale';
  if (DESTROYS.includes(opened.work.kind) && (await holdBack(deps, record))) return 'held';
  if (opened.facts.attempts >= deps.limits.sliceAttempts) {
    await giveUpSlice(deps, message, raise);
    return 'given-up';
  }
  const started = deps.clock.now();
  const facts: OpenFacts = { ...opened.facts, attempts: opened.facts.attempts + 1, startedAt: started.toISOString() };
  const etag = await deps.slices.note(message, facts, opened.etag);
  if (etag === undefined) return 'raced';
  try {
    return await attempt(deps, { message, record, opened: { ...opened, facts, etag }, raise, started });
  } catch (error) {
    await noteError(deps, message, { facts, error });
    throw error;
  }
}

/** Enough for whoever asks what goes wrong; they lie in a blob's metadata. */
const MOST_ERRORS = 5;

/** Writes down how an attempt ended, unless another has begun meanwhile. Where that fails, the attempt's own error is the one that counts. */
async function noteError(
  deps: Dependencies,
  message: SliceMessage,
  { facts, error }: { facts: OpenFacts; error: unknown },
): Promise<void> {
  try {
    const now = await deps.slices.readOpen(message);
    if (!now || now.facts.attempts !== facts.attempts || now.facts.startedAt !== facts.startedAt) return;
    const errors = [...(now.facts.errors ?? []), errorTold(error)].slice(-MOST_ERRORS);
    await deps.slices.note(message, { ...now.facts, errors }, now.etag);
  } catch {
    deps.log('slice-error-not-noted', { requestId: message.requestId, sliceId: message.sliceId });
  }
}

interface Attempt {
  readonly message: SliceMessage;
  readonly record: RequestRecord;
  readonly opened: Opened;
  readonly raise: RaiseEvent;
  readonly started: Date;
}

async function attempt(deps: Dependencies, at: Attempt): Promise<Handled> {
  const { message, record, opened } = at;
  const place = await placeOf(deps, at);
  const told = placeTold(place);
  deps.telemetry.note({ ...told, 'dsr.slice.kind': opened.work.kind });
  const entering = { record, work: opened.work.kind, facts: opened.facts };
  const passage = place && (await enterTarget(deps, place.target.name, entering));
  let { etag } = opened;
  let facts = passage?.facts ?? opened.facts;
  const mark = async (): Promise<void> => {
    if (facts.marked) return;
    facts = { ...facts, marked: true };
    const next = await deps.slices.note(message, facts, etag);
    if (next === undefined) throw new Error(`Slice ${message.sliceId} is being worked on by someone else.`);
    etag = next;
  };
  const outcome = passage?.kind === 'wait' ? passage.outcome : await run(deps, at, { mark, facts, place });
  if (place && passage?.kind === 'probe') await afterProbe(deps, place.target.name, record);
  if (outcome.kind === 'wait') {
    await waitUntil(deps, message, { facts, etag, outcome });
    return 'waiting';
  }
  const header = {
    ...outcome.result.header(message.sliceId, opened.work.kind, outcome.children),
    ...outcome.result.othersAs((person) => pseudonymOf(at.record, person)),
  };
  const committed = await deps.slices.commit(message, header, outcome.result.lines);
  if (committed === 'committed') {
    tellCounts(deps.telemetry, told, header.counts);
    await finish(deps, { message, header, raise: at.raise });
    return 'done';
  }
  // The winner may have finished long ago, and what it left be done: that isn't opened again.
  const winner = await deps.slices.readHeader(message);
  if (winner) await finishAgain(deps, { message, header: winner, raise: at.raise, closed: false });
  return 'done';
}

type Place = Pick<SliceContext, 'task' | 'target' | 'family'>;

/** Where a slice works; undefined for one that seals. */
async function placeOf(deps: Dependencies, { message, opened }: Attempt): Promise<Place | undefined> {
  if (opened.work.kind === 'volume' || opened.work.kind === 'manifest') return undefined;
  const task = await taskOf(deps, message);
  return { task, target: registeredTarget(deps, task.target), family: familyNamed(task.family) };
}

async function run(
  deps: Dependencies,
  at: Attempt,
  { mark, facts, place }: { mark: () => Promise<void>; facts: OpenFacts; place: Place | undefined },
): Promise<SliceOutcome> {
  const { message, record, opened, started } = at;
  const { work } = opened;
  const base = {
    deps,
    ref: message,
    record,
    facts,
    startedAt: started,
    mark,
    wanted: wantedBy(deps, at),
    sums: new SumsRead(),
  };
  if (work.kind === 'volume' || work.kind === 'manifest') return seal(base, work);
  if (!place) throw new Error(`Slice ${message.sliceId} has no place to work at.`);
  return workOn({ ...base, ...place, settling: settlingReason(record, deps.clock.now()) }, work);
}

/** Seconds between two looks at the record while a slice works: a cancellation stops it that soon. */
const LOOK_SECONDS = 3;

function wantedBy(deps: Dependencies, { message, started }: Attempt): () => Promise<boolean> {
  let looked = started;
  return async () => {
    const now = deps.clock.now();
    if (secondsBetween(looked, now) < LOOK_SECONDS) return true;
    looked = now;
    const record = await deps.records.read(message.requestId);
    if (!record || record.run.n !== message.run || record.run.ended) return false;
    return settlingReason(record, now) === undefined && (await keptBackBy(deps, record)).length === 0;
  };
}

/** Waiting is not failing: the attempt isn't counted, and the same message comes again later. */
async function waitUntil(
  deps: Dependencies,
  message: SliceMessage,
  at: { facts: OpenFacts; etag: string; outcome: Extract<SliceOutcome, { kind: 'wait' }> },
): Promise<void> {
  const now = deps.clock.now();
  const { until, reason } = at.outcome;
  const facts: OpenFacts = {
    ...at.facts,
    attempts: 0,
    notBefore: until.toISOString(),
    ...(!at.outcome.paused && { waitingSince: at.facts.waitingSince ?? now.toISOString() }),
  };
  await deps.slices.note(message, facts, at.etag);
  const delaySeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  const queue = await requestQueueOf(deps, message);
  await deps.queues.send(queue, message, { delaySeconds });
  deps.log('slice-waits', {
    requestId: message.requestId,
    taskId: message.taskId,
    sliceId: message.sliceId,
    delaySeconds,
    reason,
  });
}
