import { describe, expect, it } from 'vitest';
import { childSliceId, rootSliceId, type SliceId } from '../../../../src/lib/domain/ids.ts';
import type { OpenedRound } from '../../../../src/lib/domain/run.ts';
import { sliceMessageSchema } from '../../../../src/lib/domain/slice.ts';
import { handleSlice } from '../../../../src/lib/steps/rounds/handle-slice.ts';
import { openRound } from '../../../../src/lib/steps/rounds/open-round.ts';
import { startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { KnownInstances } from '../support/driver.ts';
import { opened, type Prepared, prepare } from '../support/prepared.ts';
import { useStage } from '../support/use-stage.ts';

const here = useStage({
  world: { resources: [{ projects: 1 }] },
  limits: { roundSlices: 3, roundSeconds: 20, resendSeconds: 100 },
});

const round = (at: Prepared, n: number, run = 1): Promise<OpenedRound> =>
  openRound(here.stage.deps, {
    requestId: at.requestId,
    run,
    taskId: at.taskId,
    phase: 'export',
    instanceId: `${at.requestId}.${run}:${at.taskId}:export:r${n}`,
  });

/** Slices whose messages were sent since the last look, in no order; they are taken away. */
const sent = (at: Prepared): SliceId[] =>
  here.stage.outbox
    .takeDue()
    .map(({ message }) => sliceMessageSchema.parse(message))
    .filter(({ requestId }) => requestId === at.requestId)
    .map(({ sliceId }) => sliceId)
    .sort();

const walkWork = { kind: 'walk', purpose: 'export', frontier: [] } as const;
const openSome = async (at: Prepared, count: number, notBefore?: string): Promise<SliceId[]> => {
  const ids = Array.from({ length: count }, (_, place) => childSliceId('export', rootSliceId('export'), place));
  for (const sliceId of ids)
    await opened(here.stage, at, {
      sliceId,
      work: { ...walkWork, frontier: [] },
      ...(notBefore === undefined ? {} : { notBefore }),
    });
  return ids.sort();
};
const waitingFor = (result: OpenedRound): SliceId[] => (result.kind === 'waiting' ? [...result.sliceIds].sort() : []);

describe('A round', () => {
  it('begins a phase with its root slice, and ends it when that is done and nothing is open', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const first = await round(at, 1);
    expect(waitingFor(first)).toEqual([rootSliceId('export')]);
    expect(sent(at)).toEqual([rootSliceId('export')]);
    const told: string[] = [];
    await handleSlice(here.stage.deps, at.message(rootSliceId('export')), async (to, event) => {
      told.push(`${to} ${event}`);
    });
    expect(told).toEqual([`${at.requestId}.1:${at.taskId}:export:r1 slice-export-root`]);
    expect(await round(at, 2)).toEqual({ kind: 'finished' });
    expect(sent(at)).toEqual([]);
    expect(await here.stage.deps.rounds.readProgress(at.requestId, at.taskId)).toMatchObject({
      finished: true,
      open: 0,
      counts: { found: 3, saved: 3 },
    });
  });

  it('takes as many slices as it may and sends none again that is in flight', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const ids = await openSome(at, 5);
    const first = await round(at, 1);
    expect(waitingFor(first)).toEqual(ids.slice(0, 3));
    expect(sent(at)).toEqual(ids.slice(0, 3));
    expect(await here.stage.deps.rounds.readProgress(at.requestId, at.taskId)).toMatchObject({ moreOpen: true });
    here.stage.clock.turn(20);
    const second = await round(at, 2);
    expect(waitingFor(second)).toEqual(ids.slice(0, 3));
    expect(sent(at)).toEqual([]);
  });

  it('does not wait for a slice that was closed in between, and takes the next instead', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const ids = await openSome(at, 4);
    await round(at, 1);
    sent(at);
    const [closed] = ids;
    if (closed) await here.stage.deps.slices.close(at.message(closed));
    const second = await round(at, 2);
    expect(waitingFor(second)).toEqual(ids.slice(1));
    expect(sent(at)).toEqual(ids.slice(3));
  });

  it('sends a message again only when it is old and no attempt of its slice can be alive', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const ids = await openSome(at, 2);
    await round(at, 1);
    sent(at);
    here.stage.clock.turn(90);
    const [alive, lost] = ids;
    if (!alive || !lost) throw new Error('Two slices were opened.');
    const slice = await here.stage.deps.slices.readOpen(at.message(alive));
    const startedAt = here.stage.clock.now().toISOString();
    await here.stage.deps.slices.note(at.message(alive), { attempts: 1, startedAt }, slice?.etag ?? '');
    here.stage.clock.turn(10);
    await round(at, 2);
    expect(sent(at)).toEqual([]);
    here.stage.clock.turn(1);
    await round(at, 3);
    expect(sent(at)).toEqual([lost]);
    here.stage.clock.turn(90);
    await round(at, 4);
    expect(sent(at)).toEqual([alive]);
  });

  it('leaves a slice in peace until its time comes, and waits that long itself', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const later = new Date(here.stage.clock.now().getTime() + 500_000);
    const ids = await openSome(at, 1, later.toISOString());
    const first = await round(at, 1);
    expect(first).toEqual({ kind: 'waiting', sliceIds: ids, waitSeconds: 520 });
    expect(sent(at)).toEqual([]);
    here.stage.clock.turn(499);
    await round(at, 2);
    expect(sent(at)).toEqual([]);
    here.stage.clock.turnTo(later);
    expect(sent(at)).toEqual(ids);
  });

  it('of a new run sends everything anew: what another run sent is stale', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const ids = await openSome(at, 2);
    await round(at, 1);
    const stale = here.stage.outbox.takeDue().map(({ message }) => sliceMessageSchema.parse(message));
    const instances = new KnownInstances();
    instances.known.set(`${at.requestId}.1`, 'ended');
    expect(await startRun(here.stage.deps, at.requestId, instances)).toBe('started');
    await round(at, 1, 2);
    expect(sent(at)).toEqual(ids);
    for (const message of stale)
      expect(await handleSlice(here.stage.deps, message, async () => undefined)).toBe('stale');
    expect(waitingFor(await round(at, 2, 2))).toEqual(ids);
  });

  it('of a run that another has replaced stops without sending or changing anything', async () => {
    const at = await prepare(here.stage, 'cv-tags', { run: { n: 2, ended: false } });
    await openSome(at, 1);
    await round(at, 1, 2);
    sent(at);
    const before = await here.stage.deps.rounds.readRound(at.requestId, at.taskId);
    expect(await round(at, 7, 1)).toEqual({ kind: 'stopped' });
    expect(await round(at, 7, 3)).toEqual({ kind: 'stopped' });
    expect(await here.stage.deps.rounds.readRound(at.requestId, at.taskId)).toEqual(before);
    expect(sent(at)).toEqual([]);
  });

  it.each(['awaiting-decision', 'completed', 'cancelled'] as const)('stops when the request is %s', async (state) => {
    const at = await prepare(here.stage, 'cv-tags', { state });
    expect(await round(at, 1)).toEqual({ kind: 'stopped' });
  });

  it('repeated by an activity that is tried again waits for the same slices, and sends only what may never have left', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const ids = await openSome(at, 3);
    const first = await round(at, 1);
    expect(sent(at)).toEqual(ids);
    // The first message is the host's to send, when the activity has ended well; the others left at once.
    const [handed] = ids;
    if (!handed) throw new Error('Three slices were opened.');
    expect(await round(at, 1)).toEqual(first);
    expect(sent(at)).toEqual([handed]);
    const slice = await here.stage.deps.slices.readOpen(at.message(handed));
    const startedAt = here.stage.clock.now().toISOString();
    await here.stage.deps.slices.note(at.message(handed), { attempts: 1, startedAt }, slice?.etag ?? '');
    expect(await round(at, 1)).toEqual(first);
    await round(at, 2);
    expect(sent(at)).toEqual([]);
  });
});
