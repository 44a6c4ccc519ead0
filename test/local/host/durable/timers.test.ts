import { describe, expect, it } from 'vitest';
import { useBench } from './support.ts';

const bench = useBench();
const day = 86_400_000;

describe('durable timers', () => {
  it('lose against an event, are cancelled, and then hold nothing up', async () => {
    const hub = bench.open();
    await hub.start('eventOrTimer', 't1', { milliseconds: 3_600_000 });
    await hub.raise('t1', 'go', { at: 'once' });
    expect(await hub.ended('t1')).toMatchObject({ runtimeStatus: 'Completed', output: { at: 'once' } });
  });

  it('win when no event comes', async () => {
    const { output } = await bench.open().run('eventOrTimer', 't2', { milliseconds: 30 });
    expect(output).toBe('timer');
  });

  it('that nobody cancelled keep an orchestration running that has returned', async () => {
    const hub = bench.open();
    await hub.start('openTimer', 't3', { milliseconds: 3_600_000 });
    await hub.until('t3', () => hub.invoker.count('openTimer') === 2);
    await hub.hub.stop(1_000);
    const hourLater = bench.open({ file: hub.file, now: () => Date.now() + 3_600_001 });
    expect(await hourLater.ended('t3')).toMatchObject({ runtimeStatus: 'Completed', output: 'returned' });
    const { historyEvents = [] } = await hourLater.status('t3', '?showHistory=true');
    expect(historyEvents.map(({ EventType }) => EventType)).toContain('TimerFired');
  });

  it('longer than six days are split and fire when all of their time is over', async () => {
    let ahead = 0;
    let hub = bench.open({ now: () => Date.now() + ahead });
    await hub.start('longTimer', 't4');
    await hub.until('t4', ({ runtimeStatus }) => runtimeStatus === 'Running');
    for (const days of [3, 6]) {
      await hub.hub.stop(1_000);
      ahead = days * day + 1_000;
      hub = bench.open({ file: hub.file, now: () => Date.now() + ahead });
      await hub.until('t4', () => hub.invoker.count('longTimer') > 0);
      expect((await hub.status('t4')).runtimeStatus).toBe('Running');
    }
    await hub.hub.stop(1_000);
    const end = bench.open({ file: hub.file, now: () => Date.now() + 8 * day + 60_000 });
    expect(await end.ended('t4')).toMatchObject({ output: 'eight days later' });
    const { historyEvents = [] } = await end.status('t4', '?showHistory=true');
    expect(historyEvents.filter(({ EventType }) => EventType === 'TimerFired')).toHaveLength(3);
  });
});
