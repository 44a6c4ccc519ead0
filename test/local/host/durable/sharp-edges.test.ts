import { describe, expect, it } from 'vitest';
import { eventually, useBench } from './support.ts';

const bench = useBench();

describe('sharp edges of the genuine extension', () => {
  it('a task that is yielded again inside a new compound is scheduled again, and results go to the wrong tasks', async () => {
    const hub = bench.open();
    const { output } = await hub.run('yieldTwice', 'y1');
    const inputs = hub.invoker.documents('echo').map(String).sort();
    expect(inputs).toEqual(['once', 'once', 'third', 'twice', 'twice']);
    expect(output).toEqual(['twice', 'once', 'twice']);
  });

  it('a child of a fixed id that is yielded again is started again, and its parent runs for ever', async () => {
    const hub = bench.open();
    await hub.start('yieldChildTwice', 'y2');
    await eventually(() => bench.lines.some((line) => line.includes('y2 started y2-child, which is running already')));
    await hub.raise('y2-child', 'go');
    expect(await hub.ended('y2-child')).toMatchObject({ runtimeStatus: 'Completed' });
    await hub.until('y2', () =>
      JSON.stringify(hub.invoker.documents('yieldChildTwice').at(-1)).includes('"EventType":8'),
    );
    await hub.hub.stop(1_000);
    const reopened = bench.open({ file: hub.file });
    const { historyEvents = [], runtimeStatus } = await reopened.status('y2', '?showHistory=true');
    expect(runtimeStatus).toBe('Running');
    expect(historyEvents.map(({ EventType }) => EventType)).toEqual([
      'ExecutionStarted',
      'TimerCreated',
      'TimerFired',
      'SubOrchestrationInstanceCreated',
      'SubOrchestrationInstanceCompleted',
    ]);
  });

  it('events that are awaited again after a deadline never complete the second wait', async () => {
    const hub = bench.open();
    await hub.start('awaitAgain', 'y3');
    await hub.raise('y3', 'early', 1);
    await eventually(() => JSON.stringify(hub.invoker.documents('awaitAgain').at(-1)).includes('"EventType":11'));
    await hub.raise('y3', 'late', 2);
    await eventually(() => JSON.stringify(hub.invoker.documents('awaitAgain').at(-1)).includes('"late"'));
    await hub.hub.stop(1_000);
    expect((await bench.open({ file: hub.file }).status('y3')).runtimeStatus).toBe('Running');
  });

  it('a running instance is not started again; one that has ended is replaced', async () => {
    const hub = bench.open();
    await hub.start('status', 'i1');
    await hub.until('i1', ({ runtimeStatus }) => runtimeStatus === 'Running');
    const refused = await hub.request('POST', '/orchestrators/status/i1');
    expect(refused.status).toBe(500);
    expect(JSON.parse(refused.body).ExceptionMessage).toMatch(
      /^An Orchestration instance with the status \w+ already exists\.$/,
    );
    await hub.raise('i1', 'go');
    await hub.ended('i1');
    const replaced = await hub.run('chain', 'i1', { second: true });
    expect(replaced).toMatchObject({ name: 'chain', input: { second: true }, customStatus: null });
  });

  it('of concurrent starts of one id several are accepted, and one instance runs once', async () => {
    const hub = bench.open();
    const start = () => hub.request('POST', '/orchestrators/chain/i2', {});
    const answers = await Promise.all(Array.from({ length: 8 }, start));
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(1);
    expect(await hub.ended('i2')).toMatchObject({ runtimeStatus: 'Completed' });
    expect(hub.invoker.count('double')).toBe(2);
  });

  it('children outlive their terminated parent', async () => {
    const hub = bench.open();
    await hub.start('guardian', 'g1');
    await eventually(() => hub.invoker.count('status') > 0);
    await hub.until('g1-child', ({ customStatus }) => customStatus !== null);
    expect((await hub.request('POST', '/instances/g1/terminate?reason=enough')).status).toBe(202);
    expect(await hub.ended('g1')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
    expect((await hub.status('g1-child')).runtimeStatus).toBe('Running');
    await hub.raise('g1-child', 'go');
    expect(await hub.ended('g1-child')).toMatchObject({ runtimeStatus: 'Completed', output: 'done' });
    expect((await hub.status('g1')).runtimeStatus).toBe('Terminated');
  });
});
