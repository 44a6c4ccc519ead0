import { secondsBetween } from '../../domain/clock.ts';
import { errorClassOf } from '../../domain/error-class.ts';
import { type RequestId, requestIdSchema } from '../../domain/ids.ts';
import { isActive, isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { move, note, SYSTEM } from '../../plan/moves.ts';
import { type Care, situationOf, WAITS } from '../../plan/waits.ts';
import type { Dependencies } from '../dependencies.ts';
import { leaveTargets } from '../exclusion.ts';
import { holdBack } from '../holds.ts';
import { endRun } from '../moves.ts';
import { openRequests } from '../open-requests.ts';
import { REQUESTS_QUEUE } from '../queue-names.ts';
import { keepDue } from '../request/keep-due.ts';
import { settlingReason } from '../slice/settling.ts';
import { escalateOverdue, remindOfDecision, remindOfReview } from './remind.ts';
import { waitAfterDeaths } from './run-deaths.ts';
import { type Instances, type Started, startRun } from './start-run.ts';

/** What one look at all open requests led to; counts only. */
export interface Watched {
  seen: number;
  started: number;
  expired: number;
  /** Due dates that came near or passed. */
  warned: number;
  /** Decisions whose time runs out, holds whose review date is over. */
  reminded: number;
  /** Requests that should have come to their end and haven't. */
  escalated: number;
  /** Requests that couldn't be looked at: the log names each. */
  failed: number;
}

/** A run that was claimed more recently than this, or a request that has just come in, is somebody's work in progress. */
const QUIET_SECONDS = 60;

/**
 * Looks at every open request and does what the table of waits says: starts the next run where none is alive, ends waits for a decision
 * whose time is over, reminds. Never disturbs a wait for a person or a run that is alive. Stops at `until`; the next tick goes on there. One request
 * that can't be looked at keeps no other waiting.
 */
export async function watch(deps: Dependencies, instances: Instances, until: Date): Promise<Watched> {
  const watched: Watched = { seen: 0, started: 0, expired: 0, warned: 0, reminded: 0, escalated: 0, failed: 0 };
  for await (const { requestId, position } of openRequests(deps, await deps.watchPositions.take())) {
    if (deps.clock.now() >= until) {
      await deps.watchPositions.keep(position);
      return watched;
    }
    await lookSafely(deps, requestId, { instances, watched });
  }
  return watched;
}

interface Look {
  readonly record: RequestRecord;
  readonly instances: Instances;
  readonly watched: Watched;
}

/** It is told of one that fails, by its id and the error's class, and the next pass looks at it again. */
async function lookSafely(deps: Dependencies, requestId: RequestId, at: Omit<Look, 'record'>): Promise<void> {
  try {
    const record = await deps.records.read(requestId);
    if (record) await look(deps, { record, ...at });
  } catch (error) {
    at.watched.failed += 1;
    deps.log('watchdog-failed-on', { requestId, errorClass: errorClassOf(error) });
  }
}

async function look(deps: Dependencies, at: Look): Promise<void> {
  const { record, watched } = at;
  watched.seen += 1;
  if (await keepDue(deps, record)) watched.warned += 1;
  if (await escalateOverdue(deps, record)) watched.escalated += 1;
  await CARES[WAITS[situationOf(record)].care](deps, at);
}

/** What the watchdog does for a request, by the row of the table that it stands in. */
const CARES: Readonly<Record<Care, (deps: Dependencies, at: Look) => Promise<void>>> = {
  run: keepRunning,
  decision: keepDeciding,
  review: keepReviewing,
  turn: keepTurn,
  none: async () => undefined,
};

/** The next run starts where none is alive: later and later after those that died. */
async function keepRunning(deps: Dependencies, at: Look): Promise<void> {
  const { run, stateSince } = at.record;
  const now = deps.clock.now();
  const claimed = secondsBetween(new Date(run.claimedAt ?? stateSince), now);
  if (claimed >= waitAfterDeaths(run.deaths, QUIET_SECONDS)) await startAndCount(deps, at);
}

async function startAndCount(deps: Dependencies, { record, instances, watched }: Look): Promise<Started> {
  const started = await startRun(deps, record.requestId, instances);
  if (started === 'started') watched.started += 1;
  return started;
}

/** A hold may have come; the approver is reminded; nobody waits beyond the deadline. */
async function keepDeciding(deps: Dependencies, { record, watched }: Look): Promise<void> {
  if (await holdBack(deps, record)) return;
  const { decisionDeadline } = record;
  const now = deps.clock.now();
  if (decisionDeadline !== undefined && now.toISOString() >= decisionDeadline) {
    if (await expire(deps, record, now)) watched.expired += 1;
  } else if (await remindOfDecision(deps, record)) watched.reminded += 1;
}

/** It goes on once nothing keeps it back any more; until then its targets are given to others, and whoever set the hold is reminded. */
async function keepReviewing(deps: Dependencies, at: Look): Promise<void> {
  if ((await startAndCount(deps, at)) !== 'held') return;
  if (isActive(at.record.state)) await giveBackTargets(deps, at.record);
  if (await remindOfReview(deps, at.record)) at.watched.reminded += 1;
}

/** The request before it on the target pokes it when it leaves; until that has ended, or its own time is over, there is nothing to start. */
async function keepTurn(deps: Dependencies, at: Look): Promise<void> {
  const other = requestIdSchema.safeParse(at.record.waitingFor?.request);
  const before = other.success ? await deps.records.read(other.data) : undefined;
  const isBehind = before !== undefined && !isEnded(before.state) && before.state !== 'sealing';
  if (!isBehind || settlingReason(at.record, deps.clock.now()) !== undefined)
    return void (await startAndCount(deps, at));
  // A hold of its own is found here; its run has ended already.
  await holdBack(deps, at.record);
}

/** Nobody decided in time. If an earlier revision has changed something upstream, that is accounted for first. */
async function expire(deps: Dependencies, seen: RequestRecord, at: Date): Promise<boolean> {
  const reason = 'Nobody decided before the deadline.';
  const result = await deps.records.change(seen.requestId, (record) => {
    if (record.state !== 'awaiting-decision' || record.plan?.hash !== seen.plan?.hash) return undefined;
    return record.touchedUpstream
      ? move(record, 'finish', {
          at,
          actor: SYSTEM,
          reason,
          patch: { outcome: { event: 'complete-partially', reason } },
        })
      : move(record, 'expire', { at, actor: SYSTEM, reason });
  });
  if (result.kind === 'changed' && result.record.state === 'sealing') {
    await deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId: seen.requestId });
  }
  return result.kind === 'changed';
}

/** While a request is held others may work on its targets: once no slice of it can be at work any more. */
async function giveBackTargets(deps: Dependencies, { requestId, held }: RequestRecord): Promise<void> {
  if (!held || held.left || secondsBetween(new Date(held.since), deps.clock.now()) < deps.limits.resendSeconds) return;
  const result = await deps.records.change(requestId, (record) =>
    record.held?.since === held.since && !record.held.left
      ? note(record, 'targets-left', {
          at: deps.clock.now(),
          actor: SYSTEM,
          reason: 'It is held: others may work on its targets meanwhile.',
          patch: { held: { ...record.held, left: true } },
        })
      : undefined,
  );
  if (result.kind !== 'changed') return;
  await leaveTargets(deps, result.record);
  // Released in this very moment, its run may have entered what was just left: the next run enters again.
  const after = await deps.records.read(requestId);
  if (!after || after.held || !isActive(after.state)) return;
  await endRun(deps, after, { reason: 'It was released while its targets were given back.' });
  await deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId });
}
