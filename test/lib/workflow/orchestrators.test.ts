import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { childSliceId, rootSliceId, type SliceId, sliceEvent } from '../../../src/lib/domain/ids.ts';
import { ORCHESTRATORS } from '../../../src/lib/workflow/orchestrators.ts';
import { useWorkflowBench } from './support/workflow-bench.ts';

const bench = useWorkflowBench();
const HOUR = 3600;
const slices = (count: number): SliceId[] =>
  Array.from({ length: count }, (_, place) => childSliceId('walk', rootSliceId('export'), place));
const waiting = (sliceIds: readonly SliceId[], waitSeconds = HOUR) => ({ kind: 'waiting', sliceIds, waitSeconds });

const task = (requestId: string, taskId = '1-00') => ({ requestId, run: 1, taskId, phase: 'export', round: 1 });
const activityInput = z.looseObject({ requestId: z.string(), instanceId: z.string().optional() });
const activities = (name: string, requestId: string) =>
  bench.seen
    .filter(({ functionName }) => functionName === name)
    .map(({ input }) => activityInput.parse(input))
    .filter((input) => input.requestId === requestId);

describe('A round', () => {
  it('ends when every slice has told it, in whatever order, and its timer holds nothing up', async () => {
    const ids = slices(12);
    const requestId = bench.scripted({ rounds: [waiting(ids)] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    for (const sliceId of ids.toReversed()) expect(await bench.raise(id, sliceEvent(sliceId))).toBe(202);
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'more' });
    expect(activities('openRound', requestId)).toHaveLength(1);
  });

  it('goes on waiting while a single slice is missing, whoever else tells it how often', async () => {
    const [first, second] = slices(2);
    if (!first || !second) throw new Error('Two slices were made.');
    const requestId = bench.scripted({ rounds: [waiting([first, second])] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    for (const event of [first, first, rootSliceId('walk')]) await bench.raise(id, sliceEvent(event));
    const status = await bench.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
    expect(status.output ?? null).toBeNull();
    await bench.raise(id, sliceEvent(second));
    expect(await bench.ended(id)).toMatchObject({ output: 'more' });
  });

  it('ends when its time is over, though slices are missing: they roll over into the next', async () => {
    const requestId = bench.scripted({ rounds: [waiting(slices(3), 0.05)] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'more' });
  });

  it.each(['finished', 'stopped'])('that finds the phase %s waits for nothing and sets no timer', async (kind) => {
    const requestId = bench.scripted({ rounds: [{ kind }] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: kind });
    const { historyEvents = [] } = (await bench.status(id, '?showHistory=true')) ?? {};
    expect(historyEvents.map(({ EventType }) => EventType)).not.toContain('TimerCreated');
  });

  it('tries again when storage is away for a moment', async () => {
    const requestId = bench.scripted({ rounds: [{ kind: 'finished' }], failing: [1] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ output: 'finished' });
    expect(activities('openRound', requestId)).toHaveLength(2);
  });

  it('with nothing to wait for, since all was done in between, makes room for the next', async () => {
    const requestId = bench.scripted({ rounds: [waiting([])] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'more' });
  });

  it('does not take an answer that is none for an end', async () => {
    const requestId = bench.scripted({ rounds: [{ kind: 'done' }] });
    const id = `${requestId}.1:1-00:export:r1`;
    await bench.begin(ORCHESTRATORS.round, id, task(requestId));
    expect((await bench.ended(id)).runtimeStatus).toBe('Failed');
  });
});

describe('A task', () => {
  /** Rounds that pass at once. */
  const passing = (rounds: number) => [...Array(rounds).fill(waiting(slices(1), 0.01)), { kind: 'finished' }];

  it('runs rounds one after another until nothing is open, each exactly once', async () => {
    const requestId = bench.scripted({ rounds: passing(5) });
    const id = `${requestId}.1:1-00:export`;
    await bench.begin(ORCHESTRATORS.task, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'finished' });
    const rounds = activities('openRound', requestId).map(({ instanceId }) => instanceId);
    expect(rounds).toEqual([1, 2, 3, 4, 5, 6].map((round) => `${id}:r${round}`));
  });

  it('begins its history anew after twenty rounds, and goes on counting', async () => {
    const requestId = bench.scripted({ rounds: passing(44) });
    const id = `${requestId}.1:1-00:export`;
    await bench.begin(ORCHESTRATORS.task, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'finished' });
    const rounds = activities('openRound', requestId).map(({ instanceId }) => instanceId);
    expect(rounds).toEqual(Array.from({ length: 45 }, (_, index) => `${id}:r${index + 1}`));
    const { historyEvents = [] } = (await bench.status(id, '?showHistory=true')) ?? {};
    const own = historyEvents.filter(({ EventType }) => EventType === 'SubOrchestrationInstanceCompleted');
    expect(own.length).toBe(5);
  });

  it('ends when its run is stale', async () => {
    const requestId = bench.scripted({ rounds: [waiting(slices(1), 0.01), { kind: 'stopped' }] });
    const id = `${requestId}.1:1-00:export`;
    await bench.begin(ORCHESTRATORS.task, id, task(requestId));
    expect(await bench.ended(id)).toMatchObject({ output: 'stopped' });
  });
});

describe('A run', () => {
  const phase = (name: string, stage: number, taskIds: readonly string[]) => ({
    kind: 'tasks',
    phase: name,
    stage,
    taskIds,
  });

  it('works on the tasks that it is told, phase after phase, then stops', async () => {
    const requestId = bench.scripted({
      advance: {
        start: phase('erase', 0, ['1-01', '1-02']),
        'erase 0': phase('prove', 0, ['1-01', '1-02', '1-03']),
        'prove 0': phase('erase', 1, ['1-04']),
        'erase 1': { kind: 'stop', why: 'the request has ended' },
      },
      rounds: [{ kind: 'finished' }],
    });
    const id = `${requestId}.1`;
    await bench.begin(ORCHESTRATORS.run, id, { requestId, run: 1 });
    expect(await bench.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'the request has ended' });
    expect(activities('advance', requestId).map(({ done }) => done)).toEqual([
      undefined,
      { phase: 'erase', stage: 0 },
      { phase: 'prove', stage: 0 },
      { phase: 'erase', stage: 1 },
    ]);
    const rounds = activities('openRound', requestId).map(({ instanceId }) => instanceId?.slice(id.length));
    expect(rounds.slice(0, 2).sort()).toEqual([':1-01:erase:r1', ':1-02:erase:r1']);
    expect(rounds.slice(2, 5).sort()).toEqual([':1-01:prove:r1', ':1-02:prove:r1', ':1-03:prove:r1']);
    expect(rounds.slice(5)).toEqual([':1-04:erase:r1']);
  });

  it('works on the stages of each target by themselves, and sums up when all have come to their ends', async () => {
    const requestId = bench.scripted({
      advance: {
        start: { kind: 'lanes', revision: 1, lanes: ['slow', 'quick'] },
        'slow: start': phase('erase', 0, ['1-01']),
        'slow: erase 0': { kind: 'stop', why: 'through' },
        'quick: start': phase('erase', 0, ['1-02']),
        'quick: erase 0': phase('erase', 1, ['1-03']),
        'quick: erase 1': { kind: 'stop', why: 'through' },
        'lanes 0': { kind: 'stop', why: 'the request has ended' },
      },
      rounds: [{ kind: 'waiting', sliceIds: [rootSliceId('erase')], waitSeconds: 3600 }, { kind: 'finished' }],
    });
    const id = `${requestId}.1`;
    const tell = (taskId: string) => bench.raise(`${id}:${taskId}:erase:r1`, sliceEvent(rootSliceId('erase')));
    const waiting = (taskId: string) =>
      bench.until(`${id}:${taskId}:erase:r1`, ({ runtimeStatus }) => runtimeStatus === 'Running');
    await bench.begin(ORCHESTRATORS.run, id, { requestId, run: 1 });
    await waiting('1-01');
    for (const taskId of ['1-02', '1-03']) {
      await waiting(taskId);
      await tell(taskId);
    }
    await bench.ended(`${id}:1:lane-1`);
    expect(await bench.status(`${id}:1:lane-0`)).toMatchObject({ runtimeStatus: 'Running' });
    expect(await bench.status(id)).toMatchObject({ runtimeStatus: 'Running' });
    await tell('1-01');
    expect(await bench.ended(id)).toMatchObject({ output: 'the request has ended' });
    expect(activities('advance', requestId).at(-1)).toMatchObject({ done: { phase: 'lanes' } });
  });

  it('stops at once when another run works on the request', async () => {
    const requestId = bench.scripted({ advance: { start: { kind: 'stop', why: 'stale' } } });
    await bench.begin(ORCHESTRATORS.run, `${requestId}.1`, { requestId, run: 1 });
    expect(await bench.ended(`${requestId}.1`)).toMatchObject({ runtimeStatus: 'Completed', output: 'stale' });
    expect(activities('openRound', requestId)).toEqual([]);
  });

  it('goes on when a phase has no task at all', async () => {
    const requestId = bench.scripted({
      advance: { start: phase('inventory', 0, []), 'inventory 0': { kind: 'stop', why: 'nothing was found' } },
    });
    await bench.begin(ORCHESTRATORS.run, `${requestId}.1`, { requestId, run: 1 });
    expect(await bench.ended(`${requestId}.1`)).toMatchObject({ output: 'nothing was found' });
  });

  it('carries ids and counts only: nothing of a person stands in any history', async () => {
    const text = bench.seen.map(({ input }) => JSON.stringify(input)).join('\n');
    expect(text).not.toMatch(/@|case-|email|reference/i);
    expect(text.length).toBeGreaterThan(1000);
  });
});

/** The actions of an orchestrator's answer: what it has asked for since the start of its generation. */
const answered = z.object({ actions: z.array(z.array(z.unknown())) });

describe('No orchestrator', () => {
  it('asks for the same thing again when it is replayed: every answer continues the one before', () => {
    const orchestrators: readonly string[] = Object.values(ORCHESTRATORS);
    const replays = bench.seen.filter(({ functionName }) => orchestrators.includes(functionName));
    expect(replays.length).toBeGreaterThan(100);
    const last = new Map<string, string[]>();
    for (const { input, outcome } of replays) {
      if (outcome.kind !== 'completed' || !outcome.returnValue || !('json' in outcome.returnValue)) continue;
      const { instanceId, history } = replayed.parse(input);
      const actions = answered
        .parse(JSON.parse(outcome.returnValue.json))
        .actions.flat()
        .map((one) => JSON.stringify(one, withoutCancellation));
      // A new generation begins a new history.
      const key = `${instanceId} ${history[0]?.Timestamp}`;
      const before = last.get(key) ?? [];
      expect(actions.slice(0, before.length)).toEqual(before);
      last.set(key, actions);
    }
    for (const [, actions] of last) expect(new Set(actions).size).toBe(actions.length);
  });
});

/** A timer that is no longer needed is the one that was asked for before; whether an event came before it is a matter of time. */
const withoutCancellation = (name: string, value: unknown): unknown => (name === 'isCanceled' ? undefined : value);

const replayed = z.looseObject({
  instanceId: z.string(),
  history: z.array(z.looseObject({ Timestamp: z.string() })),
});
