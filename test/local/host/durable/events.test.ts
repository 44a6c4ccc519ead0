import { describe, expect, it } from 'vitest';
import { useBench } from './support.ts';

const bench = useBench();

describe('external events', () => {
  it('that arrive before anyone waits are kept and served in turn', async () => {
    const hub = bench.open();
    await hub.start('collect', 'e1', { count: 3 });
    for (const n of [1, 2, 3]) expect(await hub.raise('e1', 'item', { n })).toBe(202);
    expect((await hub.ended('e1')).output).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('go each to one of several waits for one name', async () => {
    const hub = bench.open();
    await hub.start('collectTogether', 'e2');
    await hub.until('e2', ({ runtimeStatus }) => runtimeStatus === 'Running');
    for (const n of [1, 2, 3]) await hub.raise('e2', 'item', n);
    const { output } = await hub.ended('e2');
    expect([...(output as number[])].sort()).toEqual([1, 2, 3]);
  });

  it('wake one wait each while more are awaited', async () => {
    const hub = bench.open();
    const names = Array.from({ length: 40 }, (_, n) => `slice-${n}`);
    await hub.start('round', 'e3', { names });
    expect(await Promise.all(names.map((name) => hub.raise('e3', name, { name })))).toEqual(names.map(() => 202));
    const { output, runtimeStatus } = await hub.ended('e3');
    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual(names.map((name) => ({ name })));
  });

  it('for an instance that nobody knows are answered with 404, for one that has ended with 410', async () => {
    const hub = bench.open();
    expect(await hub.raise('nobody', 'item', 1)).toBe(404);
    await hub.run('chain', 'e4');
    expect(await hub.raise('e4', 'item', 1)).toBe(410);
  });

  it('must be JSON and say so', async () => {
    const hub = bench.open();
    await hub.start('collect', 'e5', { count: 1 });
    const target = '/instances/e5/raiseEvent/item';
    const text = await hub.requestWith('POST', target, { body: '1', headers: { 'content-type': 'text/plain' } });
    expect(text.status).toBe(400);
    expect((await hub.requestWith('POST', target, { body: '{' })).status).toBe(400);
    expect((await hub.status('e5')).runtimeStatus).not.toBe('Completed');
  });

  it('of a generation are all delivered again to the next, the consumed ones first', async () => {
    const hub = bench.open();
    await hub.start('takeFourAndContinue', 'e6', { generation: 1, taken: [] });
    for (let n = 1; n <= 12; n += 1) await hub.raise('e6', 'item', n);
    const { output } = await hub.ended('e6');
    expect(output).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    const documents = hub.invoker.documents('takeFourAndContinue') as {
      history: { EventType: number; Input: string }[];
    }[];
    const last = documents.at(-1)?.history.filter(({ EventType }) => EventType === 15);
    expect(last?.map(({ Input }) => Number(Input)).slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
