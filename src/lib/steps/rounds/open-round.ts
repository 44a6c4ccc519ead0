import { addSeconds, secondsBetween } from '../../domain/clock.ts';
import { rootSliceId, runInstanceId, type SliceId } from '../../domain/ids.ts';
import { isActive } from '../../domain/lifecycle.ts';
import type { OpenedRound, OpenRoundInput } from '../../domain/run.ts';
import type { SliceMessage } from '../../domain/slice.ts';
import type { Round } from '../../store/rounds.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack } from '../holds.ts';
import { requestQueueOf } from '../queue-names.ts';
import { rootWork } from './root-work.ts';
import { tellTask } from './told-work.ts';

/**
 * Makes `instanceId` the round that slices tell, sends the open slices that are not in flight, and says which events to wait for. Only
 * rounds send slices. Named first, listed after: a slice that closes later tells this round, one that closed before isn't listed.
 */
export async function openRound(deps: Dependencies, input: OpenRoundInput): Promise<OpenedRound> {
  const { requestId, taskId } = input;
  const record = await deps.records.read(requestId);
  if (!record || record.run.n !== input.run || record.run.ended || !isActive(record.state)) {
    return { kind: 'stopped' };
  }
  if (await holdBack(deps, record)) return { kind: 'stopped' };
  const before = await takeOver(deps, input);
  const { began } = before;
  let open = await deps.slices.listOpen(requestId, taskId, deps.limits.roundSlices);
  if (open.slices.length === 0) {
    if (await isDone(deps, input)) return finishPhase(deps, input, began.at);
    const sliceId = rootSliceId(input.phase);
    await deps.slices.open(requestId, taskId, { sliceId, work: await rootWork(deps, input) });
    open = await deps.slices.listOpen(requestId, taskId, deps.limits.roundSlices);
  }
  const sent = await sendOpen(deps, input, { open: open.slices, before });
  await deps.rounds.writeRound(requestId, taskId, { v: 1, instanceId: input.instanceId, ...sent, began });
  await writeProgress(deps, input, { open: open.slices.length, moreOpen: open.more, finished: false });
  return {
    kind: 'waiting',
    sliceIds: open.slices.map((slice) => slice.sliceId),
    waitSeconds: waitSeconds(deps, open.slices),
  };
}

interface Before {
  /** When messages were sent, by slice. */
  readonly inFlight: Record<string, string>;
  readonly began: NonNullable<Round['began']>;
  /** This very round was opened before, and handed that one to the host: whether it has left isn't known. */
  readonly handed?: SliceId | undefined;
}

/** What the round before sent stays in flight; what another run sent is void, since its messages are stale. */
async function takeOver(deps: Dependencies, input: OpenRoundInput): Promise<Before> {
  const { requestId, taskId, instanceId, phase } = input;
  const before = await deps.rounds.readRound(requestId, taskId);
  const ours = before?.instanceId.startsWith(`${runInstanceId(requestId, input.run)}:`) ?? false;
  const inFlight = before && ours ? before.inFlight : {};
  const began = before?.began?.phase === phase ? before.began : { phase, at: deps.clock.now().toISOString() };
  const handed = before?.instanceId === instanceId ? before.handed : undefined;
  await deps.rounds.writeRound(requestId, taskId, { v: 1, instanceId, inFlight, began, ...(handed && { handed }) });
  return { inFlight, began, handed };
}

async function isDone(deps: Dependencies, input: OpenRoundInput): Promise<boolean> {
  const { requestId, taskId, phase } = input;
  return (await deps.slices.readHeader({ requestId, taskId, sliceId: rootSliceId(phase) })) !== undefined;
}

async function finishPhase(deps: Dependencies, input: OpenRoundInput, began: string): Promise<OpenedRound> {
  await writeProgress(deps, input, { open: 0, moreOpen: false, finished: true });
  await tellTask(deps, input, began);
  return { kind: 'finished' };
}

interface OpenSlice {
  readonly sliceId: SliceId;
  readonly facts: OpenFacts;
}

async function sendOpen(
  deps: Dependencies,
  input: OpenRoundInput,
  at: { open: readonly OpenSlice[]; before: Before },
): Promise<Pick<Round, 'inFlight' | 'handed'>> {
  const now = deps.clock.now();
  const queue = await requestQueueOf(deps, input);
  const sent: Record<string, string> = {};
  let handed: SliceId | undefined;
  const sending = at.open.map(async ({ sliceId, facts }) => {
    const sentAt = at.before.inFlight[sliceId] ?? (facts.carried?.run === input.run ? facts.carried.since : undefined);
    const isUnsure = at.before.handed === sliceId && facts.startedAt === undefined;
    if (sentAt !== undefined && !isUnsure && !isLost(deps, { sentAt, facts, now })) {
      sent[sliceId] = sentAt;
      return;
    }
    const message: SliceMessage = { v: 1, requestId: input.requestId, run: input.run, taskId: input.taskId, sliceId };
    const delaySeconds =
      facts.notBefore === undefined ? 0 : Math.max(0, Math.ceil(secondsBetween(now, new Date(facts.notBefore))));
    sent[sliceId] = addSeconds(now, delaySeconds).toISOString();
    // The first that is due leaves with the end of the activity (queue-outputs.ts).
    if (delaySeconds === 0) handed ??= sliceId;
    await deps.queues.send(queue, message, { delaySeconds });
  });
  await Promise.all(sending);
  return { inFlight: sent, ...(handed && { handed }) };
}

/** Sent long ago, not waiting on purpose, and no attempt can still be alive: then the message is believed lost. */
function isLost(deps: Dependencies, at: { sentAt: string; facts: OpenFacts; now: Date }): boolean {
  const latest = [at.sentAt, at.facts.startedAt ?? '', at.facts.notBefore ?? ''].sort().at(-1) ?? at.sentAt;
  return secondsBetween(new Date(latest), at.now) > deps.limits.resendSeconds;
}

/** A round waits at most `roundSeconds`; when all that is open waits for a later time, a little beyond that. */
function waitSeconds(deps: Dependencies, open: readonly OpenSlice[]): number {
  const now = deps.clock.now();
  const waits = open.map(({ facts }) =>
    facts.notBefore === undefined ? 0 : secondsBetween(now, new Date(facts.notBefore)),
  );
  return Math.min(3600, Math.max(deps.limits.roundSeconds, Math.min(...waits) + deps.limits.roundSeconds));
}

async function writeProgress(
  deps: Dependencies,
  input: OpenRoundInput,
  at: { open: number; moreOpen: boolean; finished: boolean },
): Promise<void> {
  const counts = await deps.slices.sumDone(input.requestId, input.taskId);
  await deps.rounds.writeProgress(input.requestId, input.taskId, {
    v: 1,
    phase: input.phase,
    counts,
    ...at,
    updatedAt: deps.clock.now().toISOString(),
  });
}
