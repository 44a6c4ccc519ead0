import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useBench } from './support.ts';

const bench = useBench();

describe('orchestrations of the genuine library', () => {
  it('run activities one after another and keep input and output', async () => {
    const hub = bench.open();
    const status = await hub.run('chain', 'c1', { order: 7 });
    expect(status).toMatchObject({
      name: 'chain',
      runtimeStatus: 'Completed',
      input: { order: 7 },
      output: { input: { order: 7 }, second: { n: 4 } },
    });
    expect(hub.invoker.count('double')).toBe(2);
    expect(hub.invoker.count('chain')).toBe(3);
  });

  it('run many activities side by side and keep their order', async () => {
    const hub = bench.open();
    const { output } = await hub.run('fanOut', 'f1', { width: 50 });
    expect(output).toEqual(Array.from({ length: 50 }, (_, n) => 2 * n));
    expect(hub.invoker.count('double')).toBe(50);
  });

  it('hand strings, digits and nothing through unchanged', async () => {
    const { output } = await bench.open().run('strings', 's1');
    expect(output).toEqual(['text', '42', null]);
  });

  it('start children under fixed and made ids, which know their parent', async () => {
    const hub = bench.open();
    const { output } = await hub.run('parent', 'p1');
    expect(output).toEqual([
      { name: 'a', n: 42, parent: 'p1' },
      { name: 'b', n: 42, parent: 'p1' },
      { name: 'without id', n: 42, parent: 'p1' },
    ]);
    expect(await hub.status('p1:a')).toMatchObject({ runtimeStatus: 'Completed', name: 'child' });
  });

  it('begin anew with new input and keep their custom status', async () => {
    const hub = bench.open();
    const status = await hub.run('counter', 'n1', { n: 0, until: 5 });
    expect(status).toMatchObject({ runtimeStatus: 'Completed', output: 5, customStatus: { at: 5 } });
    expect(status.input).toEqual({ n: 4, until: 5 });
    expect(hub.invoker.count('echo')).toBe(5);
  });

  it('show their custom status while they wait', async () => {
    const hub = bench.open();
    await hub.start('status', 'w1');
    const waiting = await hub.until('w1', ({ customStatus }) => customStatus !== null);
    expect(waiting).toMatchObject({ runtimeStatus: 'Running', customStatus: { step: 'waiting' }, output: null });
    await hub.raise('w1', 'go');
    expect(await hub.ended('w1')).toMatchObject({ customStatus: { step: 'went' }, output: 'done' });
  });

  it('see replayed time, stable ids and whether they replay', async () => {
    const { output } = await bench.open().run('times', 't1');
    const { before, after, guids, live } = output as { before: string; after: string; guids: string[]; live: boolean };
    expect(Date.parse(after)).toBeGreaterThanOrEqual(Date.parse(before));
    expect(new Set(guids).size).toBe(2);
    expect(live).toBe(true);
  });

  it('get the document that the library expects', async () => {
    const hub = bench.open();
    await hub.run('chain', 'd1', { order: 1 });
    const [first, second] = hub.invoker.documents('chain');
    expect(first).toMatchObject({
      instanceId: 'd1',
      isReplaying: false,
      input: { order: 1 },
      upperSchemaVersion: 1,
      upperSchemaVersionNew: 2,
      history: [{ EventType: 12 }, { EventType: 0, Name: 'chain', Input: '{"order":1}' }],
    });
    expect(second).toMatchObject({
      isReplaying: true,
      history: [
        { EventType: 12, IsPlayed: true },
        { EventType: 0, IsPlayed: true },
        { EventType: 4, EventId: 0, Name: 'double', IsPlayed: true },
        { EventType: 13, IsPlayed: true },
        { EventType: 12, IsPlayed: false },
        { EventType: 5, TaskScheduledId: 0, Result: '{"n":2}', IsPlayed: false },
      ],
    });
  });

  it('run an activity again whose worker died', async () => {
    const hub = bench.open();
    const { output } = await hub.run('dying', 'k1', { file: join(bench.folder, 'died') });
    expect(output).toBe('survived');
    expect(hub.invoker.count('dieOnce')).toBe(2);
  });
});
