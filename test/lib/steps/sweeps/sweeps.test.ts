import { describe, expect, it } from 'vitest';
import { addDays } from '../../../../src/lib/domain/clock.ts';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import { download } from '../../../../src/lib/steps/package/download.ts';
import { listPackage } from '../../../../src/lib/steps/package/files.ts';
import { REQUESTS_QUEUE } from '../../../../src/lib/steps/queue-names.ts';
import { viewRequest } from '../../../../src/lib/steps/request/view.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import { listRecords, type RecordQuery } from '../../../../src/lib/store/record-list.ts';
import { OFFICER } from '../support/request-stores.ts';
import { ended, LEFT, namesUnder, order, PERIODS, put, read, useSweeps } from '../support/sweeping.ts';
import { stored } from '../support/use-stage.ts';

const here = useSweeps();
const DAY = 86_400;
const folder = (requestId: string): string => `requests/${requestId}/`;

describe('The sweep of results', () => {
  it('says in a dry run what would go, and touches nothing', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const before = await namesUnder(here.storage, folder(requestId));
    const swept = await runSweep(here.deps, 'results', order(here.deps, { dryRun: true }));
    expect(swept.requests).toContain(requestId);
    expect(swept.counts.blobs).toBeGreaterThanOrEqual(LEFT.length);
    expect(await namesUnder(here.storage, folder(requestId))).toEqual(before);
    expect((await read(here, requestId)).results).toBeUndefined();
  });

  it('leaves alone what a hold lies on, until it is lifted', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const at = here.deps.clock.now().toISOString();
    const reviewBy = addDays(here.deps.clock.now(), 90).toISOString();
    const facts = { reason: 'litigation', actor: 'officer', at, reviewBy, allowExports: true };
    const { id } = await here.deps.holds.add({ scope: 'request', key: requestId }, facts);
    const held = await runSweep(here.deps, 'results', order(here.deps));
    expect(held.requests).not.toContain(requestId);
    expect((await namesUnder(here.storage, folder(requestId))).filter((name) => LEFT.includes(name))).toHaveLength(
      LEFT.length,
    );
    await here.deps.holds.lift(id, { at, actor: 'officer', reason: 'settled' });
    expect((await runSweep(here.deps, 'results', order(here.deps))).requests).toContain(requestId);
  });

  it('goes on at the next tick where its time was up, and hands nothing out meanwhile', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const { files } = here.deps;
    // Time for the first of the folders only.
    const slow: typeof files = {
      ...files,
      removeResults: (id, how) => {
        let pages = 0;
        return files.removeResults(id, { ...how, hasTime: () => pages++ < 1 });
      },
    };
    let swept = await runSweep({ ...here.deps, files: slow }, 'results', order(here.deps));
    expect(swept.more).toBe(true);
    const between = await namesUnder(here.storage, folder(requestId));
    expect(between.filter((name) => LEFT.includes(name))).toHaveLength(LEFT.length - 1);
    expect(await listPackage(here.deps, requestId, OFFICER)).toMatchObject({ kind: 'gone' });
    swept = await runSweep(here.deps, 'results', order(here.deps));
    expect(swept.more).toBe(false);
    expect((await namesUnder(here.storage, folder(requestId))).filter((name) => LEFT.includes(name))).toEqual([]);
    expect((await read(here, requestId)).results?.removedAt).toBeDefined();
  });

  it('stops before the next page where a hold is set while it removes, and goes on when that is lifted', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const at = here.deps.clock.now().toISOString();
    const reviewBy = addDays(here.deps.clock.now(), 90).toISOString();
    const facts = { reason: 'litigation', actor: 'officer', at, reviewBy, allowExports: true };
    const { files, holds } = here.deps;
    let id = '';
    const removing: typeof files = {
      ...files,
      removeResults: (of, how) => {
        let pages = 0;
        const isKept = async () => {
          pages += 1;
          if (pages === 2) ({ id } = await holds.add({ scope: 'request', key: requestId }, facts));
          return how.isKept();
        };
        return files.removeResults(of, { ...how, isKept });
      },
    };
    const swept = await runSweep({ ...here.deps, files: removing }, 'results', order(here.deps));
    expect(swept).toMatchObject({ more: false, counts: { finished: 0 } });
    const left = async () => (await namesUnder(here.storage, folder(requestId))).filter((name) => LEFT.includes(name));
    expect(await left()).toHaveLength(LEFT.length - 1);
    expect((await read(here, requestId)).results).not.toHaveProperty('removedAt');
    await holds.lift(id, { at, actor: 'officer', reason: 'settled' });
    expect((await runSweep(here.deps, 'results', order(here.deps))).requests).toContain(requestId);
    expect(await left()).toEqual([]);
  });

  it('comes to those behind held ones, however many pages of the index those fill', async () => {
    const made = await Promise.all([ended(here), ended(here), ended(here)]);
    const [held, ...others] = made.map(({ requestId }) => requestId).sort();
    if (!held) throw new Error('Three were made.');
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const at = here.deps.clock.now().toISOString();
    const reviewBy = addDays(here.deps.clock.now(), 90).toISOString();
    const facts = { reason: 'litigation', actor: 'officer', at, reviewBy, allowExports: true };
    const { id } = await here.deps.holds.add({ scope: 'request', key: held }, facts);
    // As with a full index: each page of it has room for one.
    const records = { ...here.deps.records, list: (query: RecordQuery) => listRecords(here.storage, query, 1) };
    const swept = await runSweep({ ...here.deps, records }, 'results', order(here.deps));
    expect(swept).toMatchObject({ more: false, counts: { finished: 2 } });
    expect([...swept.requests].sort()).toEqual(others);
    await here.deps.holds.lift(id, { at, actor: 'officer', reason: 'settled' });
    await runSweep(here.deps, 'results', order(here.deps));
  });

  it('keeps the sums, and says when storage has let go of the last copy', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    await runSweep(
      { ...here.deps, files: { ...here.deps.files, keptDays: async () => 7 } },
      'results',
      order(here.deps),
    );
    const { results } = await read(here, requestId);
    expect(results?.goneBy).toBe(addDays(here.deps.clock.now(), 7).toISOString());
    const view = await viewRequest(here.deps, requestId);
    expect(view?.results?.totals).toBeDefined();
  });

  it('names no such date where storage keeps versions or does not say', async () => {
    const { requestId } = await ended(here);
    here.stage.clock.turn(PERIODS.exportResults * DAY);
    const files = { ...here.deps.files, keptDays: async () => undefined };
    await runSweep({ ...here.deps, files }, 'results', order(here.deps));
    expect((await read(here, requestId)).results).not.toHaveProperty('goneBy');
  });
});

describe('A package', () => {
  it('is not handed out any more once its time is over, some time before it goes', async () => {
    const { requestId } = await ended(here);
    const deps = { ...here.deps, limits: { ...here.deps.limits, downloadDays: 14 } };
    const input = { requestId, file: 'manifest.json', actor: OFFICER } as const;
    here.stage.clock.turn(14 * DAY - 1);
    expect((await download(deps, input)).kind).toBe('file');
    here.stage.clock.turn(1);
    const since = here.deps.clock.now().toISOString();
    expect(await listPackage(deps, requestId, OFFICER)).toEqual({ kind: 'gone', since });
    expect(await download(deps, input)).toEqual({ kind: 'gone', since });
    expect(await namesUnder(here.storage, folder(requestId))).toContain('manifest.json');
  });
});

describe('The sweep of orphans', () => {
  /** Blobs carry the real time: a year on they are old whatever the test's clock began with. */
  const aYearOn = (): void => here.stage.clock.turn(400 * DAY);
  const sweep = (dryRun = false) => runSweep(here.deps, 'orphans', order(here.deps, { dryRun }));

  it('removes folders without a record once they are old, and says so before in a dry run', async () => {
    const orphan = mintRequestId();
    await put(here.storage, `${folder(orphan)}content/1-00/${'1'.repeat(32)}`);
    expect((await sweep()).counts.orphans).toBe(0);
    aYearOn();
    expect((await sweep(true)).counts.orphans).toBe(1);
    expect(await namesUnder(here.storage, folder(orphan))).toHaveLength(1);
    expect((await sweep()).counts.orphans).toBe(1);
    expect(await namesUnder(here.storage, folder(orphan))).toEqual([]);
  });

  it('counts no orphan of which something is left, and goes on with it at the next tick', async () => {
    const orphan = mintRequestId();
    await put(here.storage, `${folder(orphan)}content/1-00/${'2'.repeat(32)}`);
    aYearOn();
    const { files } = here.deps;
    const slow = {
      ...files,
      removeAll: (id, how) => files.removeAll(id, { ...how, hasTime: () => false }),
    } satisfies typeof files;
    const stopped = await runSweep({ ...here.deps, files: slow }, 'orphans', order(here.deps));
    expect(stopped).toMatchObject({ more: true, requests: [], counts: { orphans: 0 } });
    expect(await sweep()).toMatchObject({ more: false, requests: [orphan], counts: { orphans: 1 } });
    expect(await namesUnder(here.storage, folder(orphan))).toEqual([]);
  });

  it('writes tags again that are out of step, so that the request is found', async () => {
    const { requestId } = await ended(here, { state: 'failed' });
    const blob = here.storage.container.getBlobClient(`${folder(requestId)}record.json`);
    await blob.setTags({});
    expect((await here.deps.records.list({ state: 'failed', limit: 100 })).requestIds).not.toContain(requestId);
    const before = await read(here, requestId);
    expect((await sweep(true)).requests).toContain(requestId);
    expect((await sweep()).counts.mended).toBe(1);
    expect((await here.deps.records.list({ state: 'failed', limit: 100 })).requestIds).toContain(requestId);
    expect(await read(here, requestId)).toEqual(before);
    expect((await sweep()).counts.mended).toBe(0);
  });

  it('sends the message again of a request that nobody works on', async () => {
    const { requestId } = await stored(here.stage, { state: 'running', run: { n: 1, ended: true } });
    const messages = () =>
      here.stage.outbox.waiting.filter(({ queue }) => queue === REQUESTS_QUEUE).map(({ message }) => message);
    await sweep();
    expect(messages()).not.toContainEqual({ v: 1, requestId });
    here.stage.clock.turn(3600);
    await sweep();
    expect(messages()).toContainEqual({ v: 1, requestId });
  });

  it('frees a target that an ended request still holds, and calls who waits for it', async () => {
    const target = here.stage.target.name;
    const { requestId } = await ended(here);
    await here.deps.exclusion.enterDelete(target, requestId);
    const next = await stored(here.stage, { state: 'running' });
    expect(await here.deps.exclusion.enterDelete(target, next.requestId)).toMatchObject({ kind: 'blocked' });
    expect((await sweep()).counts.released).toBe(1);
    expect(await here.deps.exclusion.enterDelete(target, next.requestId)).toEqual({ kind: 'entered' });
    expect((await sweep()).counts.released).toBe(0);
  });

  it('removes idempotency keys whose request never came to be, and no other', async () => {
    const { keyDigest = '' } = await ended(here);
    const lost = 'e'.repeat(64);
    await here.deps.idempotency.claim(lost, { requestId: mintRequestId(), bodyDigest: 'b' });
    aYearOn();
    expect((await sweep(true)).counts.keys).toBe(1);
    expect((await sweep()).counts.keys).toBe(1);
    expect(await namesUnder(here.storage, `keys/${lost}`)).toEqual([]);
    expect(await namesUnder(here.storage, `keys/${keyDigest}`)).toHaveLength(1);
  });

  it('goes on where the last tick stopped', async () => {
    await here.deps.walk.keepPosition(undefined);
    const stopped = await runSweep(here.deps, 'orphans', { until: here.deps.clock.now(), dryRun: false });
    expect(stopped).toMatchObject({ more: true, counts: { seen: 0 } });
    expect((await sweep()).more).toBe(false);
  });
});

describe('The sweep of histories', () => {
  it('purges what started long ago, in windows of a month and in the end of a day, and leaves the rest', async () => {
    const { history, deps } = here;
    const now = deps.clock.now();
    const ages = [1, 13, 14, 15, 40, 400, 1000];
    history.started.push(...ages.map((days) => new Date(addDays(now, -days).getTime() - 1)));
    expect((await runSweep(deps, 'history', order(deps, { dryRun: true }))).counts.instances).toBe(5);
    expect((await runSweep(deps, 'history', order(deps))).counts.instances).toBe(5);
    expect(history.started).toHaveLength(2);
    const { windows } = history;
    for (const { from, to } of windows) expect(to.getTime() - from.getTime()).toBeLessThanOrEqual(30 * DAY * 1000);
    for (const { from, to } of windows.slice(-60)) expect(to.getTime() - from.getTime()).toBe(DAY * 1000);
    // Each begins where the one before it ends.
    expect(windows.slice(1).map(({ from }) => from)).toEqual(windows.slice(0, -1).map(({ to }) => to));
    expect(windows.at(-1)?.to).toEqual(addDays(now, -PERIODS.history));
    expect((await runSweep(deps, 'history', order(deps))).counts.instances).toBe(0);
  });
});

describe('Every sweep', () => {
  it('tells in one event what it did, in counts only', async () => {
    const before = here.events.length;
    await runSweep(here.deps, 'subjects', order(here.deps));
    const told = here.events.slice(before).filter(([event]) => event === 'sweep');
    expect(told).toHaveLength(1);
    expect(told[0]?.[1]).toMatchObject({ sweep: 'subjects', dryRun: false, more: false });
  });

  it('tells what it did so far, and the class of the error, where it breaks off', async () => {
    const before = here.events.length;
    const history = {
      ...here.history,
      purge: async () => {
        throw new RangeError('a text that nobody may log');
      },
    };
    await expect(runSweep({ ...here.deps, history }, 'history', order(here.deps))).rejects.toThrow(RangeError);
    expect(here.events.slice(before)).toEqual([
      ['sweep', { sweep: 'history', dryRun: false, more: true, errorClass: 'RangeError', windows: 1, instances: 0 }],
    ]);
  });
});
