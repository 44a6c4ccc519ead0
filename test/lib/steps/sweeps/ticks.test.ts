import { describe, expect, it } from 'vitest';
import { addDays, addSeconds } from '../../../../src/lib/domain/clock.ts';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import type { SweepName } from '../../../../src/lib/domain/sweeps.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import type { Sweeping } from '../../../../src/lib/steps/sweeps/sweep.ts';
import { ended, namesUnder, order, PERIODS, put, useSweeps } from '../support/sweeping.ts';
import { stored } from '../support/use-stage.ts';

const here = useSweeps();
const DAY = 86_400;
const SECONDS_EACH = 4;

/** A sweep for whose walk each record takes its time, so that a tick comes to three of them. */
function slowly(): { deps: Sweeping; tick: (sweep: SweepName) => ReturnType<typeof runSweep> } {
  const { deps } = here;
  const records: typeof deps.records = {
    ...deps.records,
    read: (requestId) => {
      here.stage.clock.turn(SECONDS_EACH);
      return deps.records.read(requestId);
    },
  };
  const slow = { ...deps, records };
  return {
    deps: slow,
    tick: (sweep) =>
      runSweep(slow, sweep, { until: addSeconds(deps.clock.now(), 3 * SECONDS_EACH - 1), dryRun: false }),
  };
}

const hold = (requestId: RequestId) => {
  const at = here.deps.clock.now();
  const facts = { reason: 'litigation', actor: 'officer', at: at.toISOString(), allowExports: true };
  return here.deps.holds.add(
    { scope: 'request', key: requestId },
    { ...facts, reviewBy: addDays(at, 400).toISOString() },
  );
};

describe.each(['results', 'subjects'] as const)('The sweep of %s', (sweep) => {
  it('comes to the last request in the end, though those before it stay and fill each tick', async () => {
    const made = await Promise.all(Array.from({ length: 9 }, () => ended(here)));
    const ids = made.map(({ requestId }) => requestId).sort();
    const holds = await Promise.all(ids.slice(0, 7).map(hold));
    here.stage.clock.turn((sweep === 'results' ? PERIODS.exportResults : PERIODS.subject) * DAY);
    const { tick } = slowly();
    const seen = new Set<string>();
    const goesOn: boolean[] = [];
    while (goesOn.at(-1) !== false && goesOn.length < 20) {
      const swept = await tick(sweep);
      for (const requestId of swept.requests) seen.add(requestId);
      goesOn.push(swept.more);
    }
    expect(ids.filter((id) => seen.has(id))).toEqual(ids.slice(7));
    expect(goesOn.length).toBeGreaterThan(2);
    expect(goesOn.at(-1)).toBe(false);
    // The walk begins anew once it has come to its end.
    for (const { id } of holds) await here.deps.holds.lift(id, { at: '2026-01-01T00:00:00Z', actor: 'o', reason: 'r' });
    const rest = await runSweep(here.deps, sweep, order(here.deps));
    expect(ids.filter((id) => rest.requests.includes(id))).toEqual(ids.slice(0, 7));
  });

  it('begins anew where what was kept leads nowhere', async () => {
    await put(here.storage, `sweeps/${sweep}.json`, '{"v":1,"position":{"continuation":"nowhere","stayed":2}}');
    await expect(runSweep(here.deps, sweep, order(here.deps))).rejects.toThrow(RangeError);
    expect(await runSweep(here.deps, sweep, order(here.deps))).toMatchObject({ more: false });
  });
});

describe('The sweep of orphans', () => {
  it('comes to the last idempotency key in the end, though those before it stay and fill each tick', async () => {
    const { requestId } = await stored(here.stage, { state: 'awaiting-decision' });
    const keyOf = (at: number, of: RequestId) => put(here.storage, `keys/${at}`.padEnd(69, 'f'), claim(of));
    await Promise.all([0, 1, 2, 3, 4, 5, 6].map((at) => keyOf(at, requestId)));
    await keyOf(9, mintRequestId());
    here.stage.clock.turnTo(addDays(new Date(), 4));
    const { tick } = slowly();
    const left = async () => (await namesUnder(here.storage, 'keys/')).filter((name) => /^\df{63}$/.test(name));
    for (let ticks = 0; ticks < 30 && (await left()).length > 7; ticks += 1) await tick('orphans');
    expect((await left()).map((name) => name[0])).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });
});

const claim = (requestId: RequestId): string => JSON.stringify({ requestId, bodyDigest: 'b' });
