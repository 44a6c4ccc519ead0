import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, secondsBetween } from '../../../../src/lib/domain/clock.ts';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import { isEnded, STATES, type State } from '../../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { FORGOTTEN } from '../../../../src/lib/domain/retention.ts';
import { SWEEP_NAMES, type SweepName } from '../../../../src/lib/domain/sweeps.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import type { Sweeping } from '../../../../src/lib/steps/sweeps/sweep.ts';
import { crashing } from '../support/crashing.ts';
import { ended, LEFT, namesUnder, order, PERIODS, PERSON, put, read, useSweeps } from '../support/sweeping.ts';
import { eventsOf } from '../support/use-stage.ts';

const here = useSweeps();
const DAY = 86_400;
const DAYS = 365;
/** Days for which this account keeps what was deleted. */
const KEPT_DAYS = 7;
/** A hold lies on every third request from its tenth day on, until long after everything of it is due. */
const HELD = { from: 10, to: 120 } as const;

/** Every way to end, for both actions; one of them begins each ten days. */
const ENDS: readonly Partial<RequestRecord>[] = STATES.filter(isEnded).flatMap((state: State) => [
  { state },
  { state, submission: { ...submissionOf('delete'), dryRun: true } },
]);

function submissionOf(action: 'export' | 'delete'): RequestRecord['submission'] {
  return { action, subject: PERSON, targets: 'all', families: 'all', scope: 'subject', dryRun: false };
}

/** Everything becomes due on a tenth day: sweeps come on those, the day before, and whenever there is something else to see. */
const isSwept = (day: number): boolean => [0, 9].includes(day % 10) || day % 28 === 14;
const isLookedAt = (day: number): boolean => [0, 29].includes(day % 30);

/** Requests of this year, with the hold on each that has one. */
const records: RequestRecord[] = [];
const holds = new Map<RequestId, string>();
const isHeldLong = (record: RequestRecord): boolean => records.indexOf(record) % 3 === 0;

/** As the app's, with a storage account that keeps what was deleted for some days. */
function deps(): Sweeping {
  const files = { ...here.deps.files, keptDays: async () => KEPT_DAYS };
  // Blobs carry the machine's time: in this year a folder is as old as the clock says.
  const walk = { ...here.deps.walk, lastWritten: async () => addDays(here.deps.clock.now(), -3) };
  return { ...here.deps, files, walk };
}

const sweep = (name: SweepName, change: { dryRun?: boolean } = {}) => runSweep(deps(), name, order(deps(), change));

const daysSinceEnd = ({ endedAt = '' }: RequestRecord): number =>
  secondsBetween(new Date(endedAt), here.deps.clock.now()) / DAY;

const dueDays = (record: RequestRecord, days: number): number => (isHeldLong(record) ? HELD.to : days);
const resultDaysOf = ({ submission }: RequestRecord): number =>
  submission.action === 'export' ? PERIODS.exportResults : PERIODS.deleteResults;

async function text(requestId: RequestId): Promise<string> {
  const blob = here.storage.container.getBlobClient(`requests/${requestId}/record.json`);
  return (await blob.downloadToBuffer()).toString('utf8');
}

/** Every blob of requests, keys, targets and holds, with its version. */
async function stored(): Promise<string[]> {
  const all: string[] = [];
  for await (const { name, properties } of here.storage.container.listBlobsFlat()) {
    if (/^(?:requests|keys|targets|holds)\//.test(name)) all.push(`${name} ${properties.etag}`);
  }
  return all;
}

async function checkOne(record: RequestRecord): Promise<void> {
  const age = daysSinceEnd(record);
  const now = await read(here, record.requestId);
  const files = await namesUnder(here.storage, `requests/${record.requestId}/`);
  const resultsAreGone = age >= dueDays(record, resultDaysOf(record));
  expect(now.results?.removedAt !== undefined).toBe(resultsAreGone);
  expect(files.filter((name) => LEFT.includes(name))).toEqual(resultsAreGone ? [] : [...LEFT].sort());
  expect(files).toEqual(expect.arrayContaining(['record.json', 'journal.ndjson', 'tasks-1.json']));
  const isForgotten = age >= dueDays(record, PERIODS.subject);
  expect(now.forgotten !== undefined).toBe(isForgotten);
  expect(files.includes('plan.json')).toBe(!isForgotten);
  expect((await namesUnder(here.storage, `keys/${record.keyDigest}`)).length).toBe(isForgotten ? 0 : 1);
  const words = [PERSON.email, PERSON.reference, PERSON.objectId, 'Mrs Someone', 'mrs-someone'];
  const kept = await text(record.requestId);
  if (isForgotten) for (const word of words) expect(kept).not.toContain(word);
  else expect(kept).toContain(PERSON.email);
}

/** One more request has ended, and holds are set and lifted on their days. */
async function beginDay(day: number): Promise<void> {
  const change = ENDS[records.length];
  if (day % 10 === 0 && change) records.push(await ended(here, change));
  const at = here.deps.clock.now().toISOString();
  for (const record of records.filter(isHeldLong)) {
    const age = daysSinceEnd(record);
    const { requestId } = record;
    if (age === HELD.from) {
      const facts = { reason: 'litigation', actor: 'officer', at, reviewBy: at, allowExports: true };
      holds.set(requestId, (await here.deps.holds.add({ scope: 'request', key: requestId }, facts)).id);
    }
    if (age === HELD.to) {
      const lifted = { at, actor: 'officer', reason: 'settled' };
      expect(await here.deps.holds.lift(holds.get(requestId) ?? '', lifted)).toBeDefined();
    }
  }
  here.history.started.push(here.deps.clock.now());
}

/** A process that dies in the middle of a sweep. What it has told before that doesn't count. */
async function dieWithin(name: SweepName, k: number, moment: 'before' | 'after'): Promise<void> {
  const dying = crashing({ ...deps(), log: () => undefined }, k, moment).deps;
  await runSweep(dying, name, order(deps())).catch(() => undefined);
}

/** What goes wrong in an account over the weeks, and is put right by the walk over its folders. */
async function harm(): Promise<{ check(): Promise<void> }> {
  const [victim] = records.filter(({ requestId }) => requestId > '8').concat(records);
  if (!victim) throw new Error('Nothing has ended yet.');
  const folder = `requests/${victim.requestId}/`;
  const orphan = mintRequestId();
  await here.storage.container.getBlobClient(`${folder}record.json`).setTags({});
  await put(here.storage, `requests/${orphan}/tasks/1-00/open/walk-root.json`);
  await here.deps.exclusion.enterDelete('vision', victim.requestId);
  const { results } = await read(here, victim.requestId);
  if (results?.removedAt !== undefined) await put(here.storage, `${folder}manifest.json`);
  return {
    async check() {
      expect((await here.storage.container.getBlobClient(`${folder}record.json`).getTags()).tags).not.toEqual({});
      expect(await namesUnder(here.storage, `requests/${orphan}/`)).toEqual([]);
      expect(await namesUnder(here.storage, 'targets/vision/')).toEqual([]);
    },
  };
}

/** By hand first, without touching anything; then it does what it said. */
async function checkDryRuns(): Promise<void> {
  const before = await stored();
  for (const name of SWEEP_NAMES) {
    const said = await sweep(name, { dryRun: true });
    expect(await stored()).toEqual(before);
    if (name === 'history') expect(said.counts).toEqual((await sweep(name)).counts);
  }
  for (const name of ['results', 'subjects'] as const) {
    const said = await sweep(name, { dryRun: true });
    const done = await sweep(name);
    expect({ counts: said.counts, requests: said.requests }).toEqual({ counts: done.counts, requests: done.requests });
  }
}

async function endDay(day: number): Promise<void> {
  if (day % 28 === 14) {
    const harmed = await harm();
    await dieWithin('orphans', day % 23, 'before');
    await sweep('orphans');
    await sweep('orphans');
    await harmed.check();
  }
  if (day % 30 === 0) await checkDryRuns();
  await sweep('results');
  await sweep('subjects');
  await sweep('history');
  const oldest = addDays(here.deps.clock.now(), -PERIODS.history);
  expect(here.history.started.every((time) => time >= oldest)).toBe(true);
}

describe('A simulated year', () => {
  it('removes results and persons on the very day, whatever the end; not what is held or young; whenever a process dies', async () => {
    const deaths = fc.sample(fc.tuple(fc.nat(30), fc.constantFrom('before' as const, 'after' as const)), {
      numRuns: DAYS,
      seed: 5,
    });
    for (const [day, [k, moment]] of deaths.entries()) {
      if (!isSwept(day)) {
        here.stage.clock.turn(DAY);
        continue;
      }
      await beginDay(day);
      if (day % 10 === 0) for (const name of ['results', 'subjects'] as const) await dieWithin(name, k, moment);
      await endDay(day);
      if (isLookedAt(day)) for (const record of records) await checkOne(record);
      here.stage.clock.turn(DAY);
    }
    expect(records.length).toBe(ENDS.length);
    for (const record of records) {
      await checkOne(record);
      const { submission, results, forgotten } = await read(here, record.requestId);
      expect(submission.subject).toEqual({ reference: FORGOTTEN });
      // Each thing was done once, however often the sweeps came, and says when storage has let go of it too.
      const events = (await eventsOf(here.stage, record.requestId)).slice(1);
      expect(events.sort()).toEqual([
        'results-removal-begun',
        'results-removed',
        'subject-removal-begun',
        'subject-removed',
      ]);
      const goneBy = (time = '') => addDays(new Date(time), KEPT_DAYS).toISOString();
      expect(results?.goneBy).toBe(goneBy(results?.removedAt));
      expect(forgotten?.goneBy).toBe(goneBy(forgotten?.at));
    }
    expect(here.events.filter(([event]) => event === 'sweep-failed-on')).toEqual([]);
  }, 240_000);

  it('was told in one event a sweep, in counts only', () => {
    const told = here.events.filter(([event]) => event === 'sweep').map(([, facts]) => facts);
    expect(told.length).toBeGreaterThan((3 * DAYS) / 5);
    for (const facts of told) {
      const { sweep: name, dryRun, more, ...counts } = facts;
      expect(SWEEP_NAMES).toContain(name);
      expect({ dryRun: typeof dryRun, more }).toEqual({ dryRun: 'boolean', more: false });
      expect(Object.values(counts).every((count) => typeof count === 'number')).toBe(true);
    }
  });
});
