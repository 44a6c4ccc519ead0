import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../src/lib/domain/ids.ts';
import { isEnded, STATES, type State } from '../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../src/lib/steps/dependencies.ts';
import { recordStore } from '../../../src/lib/store/records.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { faultyStorage } from '../store/support/faulty-storage.ts';
import { KnownInstances } from './support/driver.ts';
import { ALL_EVENT_NAMES, ALL_EVENTS, type AnyEvent, type Happening } from './support/events.ts';
import { unlawful } from './support/lawful.ts';
import { SUBMISSION } from './support/request-stores.ts';
import { openStage, type Stage } from './support/stage.ts';
import { stored } from './support/use-stage.ts';

const azurite = useAzurite();

/** A delete as it stands in a state, changed upstream already or not. */
async function standing(stage: Stage, state: State, touchedUpstream: boolean): Promise<RequestRecord> {
  const { clock } = stage;
  return stored(stage, {
    state,
    submission: { ...SUBMISSION, action: 'delete', families: ['cv-tags'] },
    touchedUpstream,
    run: { n: state === 'received' ? 0 : 1, ended: true },
    due: { regulation: 'gdpr', by: addDays(clock.now(), 20).toISOString() },
    plan: { revision: 1, hash: 'a'.repeat(64) },
    decisionDeadline: addDays(clock.now(), 1).toISOString(),
    ...(isEnded(state) && { endedAt: clock.now().toISOString() }),
  });
}

/** What each event may make of each state by itself; where nothing stands, the state stays. */
const LEADS: Partial<Record<State, Partial<Record<AnyEvent, readonly State[]>>>> = {
  received: { cancel: ['cancelled'], begin: ['planning'], drift: ['planning', 'awaiting-decision'] },
  planning: { drift: ['awaiting-decision'] },
  'awaiting-decision': {
    approve: ['running'],
    widen: ['planning'],
    reject: ['rejected', 'sealing'],
    cancel: ['cancelled', 'sealing'],
    expire: ['expired', 'sealing'],
  },
  running: { drift: ['planning'] },
  // Nobody has chosen how it ends: a request that stands so is a defect.
  sealing: { begin: ['failed'], drift: ['failed'] },
  'partially-completed': { redrive: ['running'] },
};

const at = (deps: Dependencies, requestId: RequestId): Happening => ({
  deps,
  requestId,
  instances: new KnownInstances(),
});

const expectLawful = async (stage: Stage, { requestId, state }: RequestRecord, event: AnyEvent) => {
  const now = await stage.deps.records.read(requestId);
  expect([state, ...(LEADS[state]?.[event] ?? [])], event).toContain(now?.state);
  expect({ event, faults: await unlawful(stage, requestId, state) }).toEqual({ event, faults: [] });
  return now?.state;
};

describe('Whatever happens to a request', () => {
  it.each(STATES)(
    'that is %s leads along the table of moves or nowhere, though it happens twice at once and once more',
    async (state) => {
      await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
      for (const event of ALL_EVENT_NAMES) {
        for (const touched of isEnded(state) ? [true] : [false, true]) {
          const record = await standing(stage, state, touched);
          const happen = () => ALL_EVENTS[event](at(stage.deps, record.requestId));
          await Promise.all([happen(), happen()]);
          const once = await expectLawful(stage, record, event);
          await happen();
          expect(await expectLawful(stage, record, event), event).toBe(once);
        }
      }
    },
  );

  it.each(STATES)(
    'that is %s leaves record and journal in step where the process ends between the two',
    async (state) => {
      await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
      await using faulty = await faultyStorage(azurite.connection);
      const dying: Dependencies = { ...stage.deps, records: recordStore(faulty.storage) };
      const parted = new Set<AnyEvent>();
      for (const event of ALL_EVENT_NAMES) {
        for (const calls of CUTS[event] ?? [3, 4]) {
          const record = await standing(stage, state, true);
          faulty.cutAfter(calls);
          // The watchdog goes on where a look at one request fails.
          await ALL_EVENTS[event](at(dying, record.requestId)).catch((error: unknown) => {
            if (!(error instanceof Error && error.name === 'StorageFailure')) throw error;
          });
          faulty.cutAfter(Number.POSITIVE_INFINITY);
          if (await isParted(stage, record.requestId)) parted.add(event);
          await ALL_EVENTS[event](at(stage.deps, record.requestId));
          await expectLawful(stage, record, event);
        }
      }
      // Whatever has come to it, a request can be held; and each move of its state was among those that were cut in two.
      const moves = Object.keys(LEADS[state] ?? {});
      expect([...parted]).toEqual(expect.arrayContaining(['hold', ...moves]));
    },
  );
});

/** After how many calls of the record store the process ends: it is read, its journal looked at, it is written; some look at it first. */
const CUTS: Partial<Record<AnyEvent, readonly number[]>> = {
  // The run is claimed first.
  begin: [3, 4, 9, 10],
  drift: [3, 4, 9, 10],
  // It is looked for in each open state, and for holds.
  expire: [4, 5, 6, 7, 8, 9],
};

/** Whether the record tells of a line that the journal lacks. */
async function isParted({ deps }: Stage, requestId: RequestId): Promise<boolean> {
  const record = await deps.records.read(requestId);
  const { container } = azurite.storage;
  const lines = await container.getBlobClient(`requests/${requestId}/journal.ndjson`).downloadToBuffer();
  return record?.journal.seq !== lines.toString('utf8').split('\n').length - 1;
}
