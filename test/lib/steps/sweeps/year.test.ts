import { describe, expect, it } from 'vitest';
import { secondsBetween } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { isEnded, STATES, type State } from '../../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { FORGOTTEN } from '../../../../src/lib/domain/retention.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import { ended, LEFT, namesUnder, order, PERIODS, PERSON, read, useSweeps } from '../support/sweeping.ts';
import { eventsOf } from '../support/use-stage.ts';

const here = useSweeps();
const DAY = 86_400;
const DAYS = 365;

/** Every way to end, for both actions; one of them begins each ten days. */
const ENDS: readonly Partial<RequestRecord>[] = STATES.filter(isEnded).flatMap((state: State) => [
  { state },
  { state, submission: { ...submissionOf('delete'), dryRun: true } },
]);

function submissionOf(action: 'export' | 'delete'): RequestRecord['submission'] {
  return { action, subject: PERSON, targets: 'all', families: 'all', scope: 'subject', dryRun: false };
}

const daysSinceEnd = ({ endedAt = '' }: RequestRecord): number =>
  secondsBetween(new Date(endedAt), here.deps.clock.now()) / DAY;

const resultDaysOf = ({ submission }: RequestRecord): number =>
  submission.action === 'export' ? PERIODS.exportResults : PERIODS.deleteResults;

async function text(requestId: RequestId): Promise<string> {
  const blob = here.storage.container.getBlobClient(`requests/${requestId}/record.json`);
  return (await blob.downloadToBuffer()).toString('utf8');
}

async function checkOne(record: RequestRecord): Promise<void> {
  const age = daysSinceEnd(record);
  const now = await read(here, record.requestId);
  const files = await namesUnder(here.storage, `requests/${record.requestId}/`);
  const resultsAreGone = age >= resultDaysOf(record);
  expect(now.results?.removedAt !== undefined).toBe(resultsAreGone);
  expect(files.filter((name) => LEFT.includes(name))).toEqual(resultsAreGone ? [] : [...LEFT].sort());
  expect(files).toEqual(expect.arrayContaining(['record.json', 'journal.ndjson', 'tasks-1.json']));
  const isForgotten = age >= PERIODS.subject;
  expect(now.forgotten !== undefined).toBe(isForgotten);
  expect((await namesUnder(here.storage, `keys/${record.keyDigest}`)).length).toBe(isForgotten ? 0 : 1);
  const words = [PERSON.email, PERSON.reference, PERSON.objectId, 'Mrs Someone', 'mrs-someone'];
  const stored = await text(record.requestId);
  if (isForgotten) for (const word of words) expect(stored).not.toContain(word);
  else expect(stored).toContain(PERSON.email);
}

describe('A simulated year', () => {
  it('removes results and persons on the very day, whatever the end, and leaves what ended and is young alone', async () => {
    const records: RequestRecord[] = [];
    const { deps, stage } = here;
    for (let day = 0; day < DAYS; day += 1) {
      const change = ENDS[records.length];
      if (day % 10 === 0 && change) records.push(await ended(here, change));
      await runSweep(deps, 'results', order(deps));
      await runSweep(deps, 'subjects', order(deps));
      if (day % 30 === 0) for (const record of records) await checkOne(record);
      stage.clock.turn(DAY);
    }
    await runSweep(deps, 'results', order(deps));
    await runSweep(deps, 'subjects', order(deps));
    expect(records.length).toBe(ENDS.length);
    for (const record of records) {
      await checkOne(record);
      expect((await read(here, record.requestId)).submission.subject).toEqual({ reference: FORGOTTEN });
      // Each thing was done once, however often the sweeps came.
      const events = await eventsOf(stage, record.requestId);
      expect(events.slice(1).sort()).toEqual(['results-removal-begun', 'results-removed', 'subject-removed']);
    }
    expect(here.events.filter(([event]) => event === 'sweep-failed-on')).toEqual([]);
  }, 240_000);
});
