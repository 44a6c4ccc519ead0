import { describe, expect, it } from 'vitest';
import { addDays } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { move } from '../../../../src/lib/plan/moves.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import { ended, namesUnder, order, PERIODS, PERSON, read, useSweeps } from '../support/sweeping.ts';

const here = useSweeps();

/** Key and plan, as long as they are there. */
const left = async ({ requestId, keyDigest }: RequestRecord): Promise<string[]> => [
  ...(await namesUnder(here.storage, `keys/${keyDigest}`)),
  ...(await namesUnder(here.storage, `requests/${requestId}/plan.json`)),
];

/** Sweeps while something else happens to a request, once: after the sweep has asked for holds on it, before it writes first. */
async function sweepWhile(happens: (requestId: RequestId) => Promise<unknown>) {
  const { deps } = here;
  const happened = new Set<RequestId>();
  const change: typeof deps.records.change = async (requestId, work) => {
    if (!happened.has(requestId)) {
      happened.add(requestId);
      await happens(requestId);
    }
    return deps.records.change(requestId, work);
  };
  return runSweep({ ...deps, records: { ...deps.records, change } }, 'subjects', order(deps));
}

describe('The sweep of subjects', () => {
  it('leaves key, plan and person to a request that is resumed in that moment', async () => {
    const record = await ended(here, { state: 'partially-completed' });
    here.stage.clock.turn(PERIODS.subject * 86_400);
    const facts = { at: here.deps.clock.now(), actor: 'officer', reason: 'again', patch: { endedAt: undefined } };
    const swept = await sweepWhile((id) => here.deps.records.change(id, (seen) => move(seen, 'resume', facts)));
    expect(swept.counts.finished).toBe(0);
    expect(await left(record)).toHaveLength(2);
    expect((await read(here, record.requestId)).submission.subject).toEqual(PERSON);
  });

  it('removes nothing where a hold is set in that moment, and goes on when that is lifted', async () => {
    const record = await ended(here);
    here.stage.clock.turn(PERIODS.subject * 86_400);
    const at = here.deps.clock.now().toISOString();
    const reviewBy = addDays(here.deps.clock.now(), 90).toISOString();
    const facts = { reason: 'litigation', actor: 'officer', at, reviewBy, allowExports: true };
    let hold = '';
    const swept = await sweepWhile(async (key) => {
      hold = (await here.deps.holds.add({ scope: 'request', key }, facts)).id;
    });
    expect(swept).toMatchObject({ more: false, counts: { finished: 0, failed: 0 } });
    expect(await left(record)).toHaveLength(2);
    expect((await read(here, record.requestId)).submission.subject).toEqual(PERSON);
    await here.deps.holds.lift(hold, { at, actor: 'officer', reason: 'settled' });
    expect((await runSweep(here.deps, 'subjects', order(here.deps))).requests).toContain(record.requestId);
    expect(await left(record)).toEqual([]);
    expect((await read(here, record.requestId)).forgotten).toBeDefined();
  });
});
