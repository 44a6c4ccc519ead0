import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import { pace } from '../../../src/lib/store/pace.ts';
import { useAzurite } from './support/azurite.ts';
import { overfullWindow } from './support/windows.ts';

const account = useAzurite();
const limits = { perSecond: 20, burst: 5 };

describe('pace across instances', () => {
  it('grants in no window more than burst and rate, however many reserve at once', async () => {
    const instances = Array.from({ length: 6 }, () => pace(account.storage, systemClock));
    const grants = await Promise.all(
      instances.map(async (instance, index) => {
        const own = [];
        for (let turn = 0; turn < 5; turn += 1)
          own.push(await instance.reserve('crowded', limits, 1 + ((index + turn) % 7)));
        return own;
      }),
    );
    const times = grants
      .flat()
      .flatMap(({ startAt, atOnce, intervalMs, calls }) =>
        Array.from({ length: calls }, (_, call) => startAt + Math.max(0, call + 1 - atOnce) * intervalMs),
      );
    expect(times.length).toBeGreaterThanOrEqual(30);
    expect(overfullWindow(times, limits)).toBeUndefined();
  });

  it('pauses for every instance, and a shorter pause does not end a longer one', async () => {
    const [one, other] = [pace(account.storage, systemClock), pace(account.storage, systemClock)];
    const until = Date.now() + 60_000;
    await one.pause('paused', new Date(until));
    await other.pause('paused', new Date(until - 30_000));
    expect((await other.reserve('paused', limits, 5)).startAt).toBeGreaterThanOrEqual(until);
    expect((await other.reserve('neighbour', limits, 5)).startAt).toBeLessThan(until);
  });

  it('agrees with an instance whose clock is far off, up to the second that an answer cannot tell', async () => {
    const behind = { now: () => new Date(Date.now() - 3_600_000) };
    const [right, wrong] = [pace(account.storage, systemClock), pace(account.storage, behind)];
    await right.reserve('skewed', limits, 1);
    await right.pause('skewed', new Date(Date.now() + 60_000));
    const expected = await right.reserve('skewed', limits, 1);
    const granted = await wrong.reserve('skewed', limits, 1);
    expect(Math.abs(granted.startAt + 3_600_000 - expected.startAt)).toBeLessThan(10_000);
  });

  it('is not kept up by an instance whose clock is ahead and who is the first to call', async () => {
    const ahead = { now: () => new Date(Date.now() + 3_600_000) };
    await pace(account.storage, ahead).reserve('first', limits, 5);
    const granted = await pace(account.storage, systemClock).reserve('first', limits, 1);
    expect(granted.startAt - Date.now()).toBeLessThan(10_000);
  });

  it('knows only names that a target can have', async () => {
    await expect(pace(account.storage, systemClock).pause('../x', new Date())).rejects.toThrow(TypeError);
  });
});
