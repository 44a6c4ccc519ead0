import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/lib/domain/clock.ts';
import { receiptName, sealedEdition } from '../../../src/lib/domain/edition.ts';
import type { RequestId } from '../../../src/lib/domain/ids.ts';
import { journalLineSchema } from '../../../src/lib/domain/journal.ts';
import { isEnded, MOVES, STATES, type State } from '../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../src/lib/steps/dependencies.ts';
import { recordStore } from '../../../src/lib/store/records.ts';
import { found } from '../../end-to-end/support/until.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { faultyStorage } from '../store/support/faulty-storage.ts';
import { KnownInstances } from './support/driver.ts';
import { ALL_EVENT_NAMES, ALL_EVENTS, type AnyEvent, type Happening, STANDS } from './support/events.ts';
import { unlawful } from './support/lawful.ts';
import { SUBMISSION } from './support/request-stores.ts';
import { openStage, type Stage } from './support/stage.ts';
import { stored } from './support/use-stage.ts';

const azurite = useAzurite();

let requests = 0;

/** A request as it stands in a state when that is to happen, changed upstream already or not. It has a target of its own. */
async function standing(stage: Stage, state: State, at: { event: AnyEvent; touched: boolean }): Promise<RequestRecord> {
  const { clock } = stage;
  const { always, sealing } = STANDS[at.event] ?? {};
  requests += 1;
  return stored(stage, {
    state,
    submission: { ...SUBMISSION, action: 'delete', families: ['cv-tags'] },
    targets: [`${stage.target.name}-${requests}`],
    touchedUpstream: at.touched,
    run: { n: state === 'received' ? 0 : 1, ended: true },
    due: { regulation: 'gdpr', by: addDays(clock.now(), 20).toISOString() },
    plan: { revision: 1, hash: 'a'.repeat(64) },
    decisionDeadline: addDays(clock.now(), 1).toISOString(),
    ...(isEnded(state) && { endedAt: clock.now().toISOString() }),
    ...always,
    ...(state === 'sealing' && sealing),
  });
}

/** What comes in has changed nothing yet. */
function touchedIn(state: State): readonly boolean[] {
  if (state === 'received') return [false];
  return isEnded(state) ? [true] : [false, true];
}

/** What each event makes of each state by itself; where nothing stands, the state stays. */
const LEADS: Partial<Record<State, Partial<Record<AnyEvent, readonly State[]>>>> = {
  received: {
    cancel: ['cancelled'],
    begin: ['planning'],
    proceed: ['running'],
    ask: ['awaiting-decision'],
    policy: ['running'],
    nothing: ['completed'],
    finish: ['planning'],
    drift: ['planning'],
    settle: ['cancelled'],
    standDown: ['failed'],
  },
  planning: {
    proceed: ['running'],
    ask: ['awaiting-decision'],
    policy: ['running'],
    nothing: ['completed'],
    settle: ['cancelled'],
    standDown: ['failed'],
  },
  'awaiting-decision': {
    approve: ['running'],
    widen: ['planning'],
    reject: ['rejected', 'sealing'],
    cancel: ['cancelled', 'sealing'],
    expire: ['expired', 'sealing'],
  },
  running: {
    finish: ['completed'],
    drift: ['planning'],
    settle: ['cancelled'],
    standDown: ['partially-completed'],
  },
  sealing: {
    // Nobody has chosen how it ends: a request that stands so is a defect.
    begin: ['failed'],
    ask: ['failed'],
    policy: ['failed'],
    nothing: ['failed'],
    drift: ['failed'],
    finish: ['completed'],
    settle: ['cancelled'],
    standDown: ['partially-completed'],
  },
  'partially-completed': { redrive: ['running'] },
};

const at = ({ target }: Stage, deps: Dependencies, requestId: RequestId): Happening => ({
  deps: { ...deps, target: (name) => (name.startsWith(target.name) ? { ...target, name } : undefined) },
  requestId,
  instances: new KnownInstances(),
});

async function expectLawful(stage: Stage, { requestId, state }: RequestRecord, event: AnyEvent): Promise<State> {
  const now = found(await stage.deps.records.read(requestId));
  expect([state, ...(LEADS[state]?.[event] ?? [])], event).toContain(now.state);
  expect({ event, faults: await unlawful(stage, requestId, state) }).toEqual({ event, faults: [] });
  if (now.state !== state && isEnded(now.state) && now.touchedUpstream) {
    const name = receiptName(sealedEdition(now), 'json');
    expect(await stage.deps.documents.open({ requestId, name }), `${event}: a receipt`).toBeDefined();
  }
  return now.state;
}

/** Whatever the table of moves has for a state, so that none can be forgotten here. */
const expectAllMoves = (state: State, told: ReadonlySet<string>) =>
  expect([...told]).toEqual(expect.arrayContaining(Object.keys(MOVES[state])));

describe('Whatever happens to a request', () => {
  it.each(STATES)(
    'that is %s leads along the table of moves or nowhere, though it happens twice at once and once more',
    async (state) => {
      await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
      const told = new Set<string>();
      const led: Partial<Record<AnyEvent, State[]>> = {};
      for (const event of ALL_EVENT_NAMES) {
        for (const touched of touchedIn(state)) {
          const record = await standing(stage, state, { event, touched });
          const happen = () => ALL_EVENTS[event](at(stage, stage.deps, record.requestId));
          await Promise.all([happen(), happen()]);
          const once = await expectLawful(stage, record, event);
          await happen();
          expect(await expectLawful(stage, record, event), event).toBe(once);
          if (once !== state) led[event] = [...new Set([...(led[event] ?? []), once])].sort();
          for (const name of await movesFrom(stage, record)) told.add(name);
        }
      }
      expect(led).toEqual(LEADS[state] ?? {});
      expectAllMoves(state, told);
    },
  );

  it.each(STATES)(
    'that is %s leaves record and journal in step where the process ends between the two',
    async (state) => {
      await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
      await using faulty = await faultyStorage(azurite.connection);
      const dying: Dependencies = { ...stage.deps, records: recordStore(faulty.storage) };
      const parted = new Set<string>();
      /** The process ends after so many writes of the record; whether there were so many. */
      const endAfter = async (writes: number, event: AnyEvent, touched: boolean): Promise<boolean> => {
        const record = await standing(stage, state, { event, touched });
        faulty.cutAfterWrites('/record.json', writes);
        // The watchdog goes on where a look at one request fails.
        await ALL_EVENTS[event](at(stage, dying, record.requestId)).catch((error: unknown) => {
          if (!(error instanceof Error && error.name === 'StorageFailure')) throw error;
        });
        const line = await lineApart(stage, record);
        if (line?.from === state) parted.add(line.event);
        await ALL_EVENTS[event](at(stage, stage.deps, record.requestId));
        await expectLawful(stage, record, event);
        return line !== undefined;
      };
      // Only what waits for a decision moves otherwise where nothing was changed upstream yet.
      for (const event of ALL_EVENT_NAMES) {
        for (const touched of touchedIn(state).slice(state === 'awaiting-decision' ? 0 : -1)) {
          let writes = 1;
          while (await endAfter(writes, event, touched)) writes += 1;
        }
      }
      // Whatever has come to it, a request can be held; and each move of its state was among those that were cut in two.
      expect([...parted]).toContain('hold-set');
      expectAllMoves(state, parted);
    },
  );

  it.each([
    ['planning', 'proceed'],
    ['planning', 'ask'],
    ['planning', 'nothing'],
    ['running', 'finish'],
    ['running', 'drift'],
  ] as const)(
    'that is %s, a cancellation that comes right before any write on the way of %s stands',
    async (state, event) => {
      await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
      const cancelled: number[] = [];
      for (let before = 1; before <= 4; before += 1) {
        const { requestId } = await standing(stage, state, { event, touched: state === 'running' });
        let changes = 0;
        const change: Dependencies['records']['change'] = async (...given) => {
          changes += 1;
          if (changes === before) await ALL_EVENTS.cancel(at(stage, stage.deps, requestId));
          return stage.deps.records.change(...given);
        };
        const overtaken = { ...stage.deps, records: { ...stage.deps.records, change } };
        await ALL_EVENTS[event](at(stage, overtaken, requestId));
        await ALL_EVENTS.settle(at(stage, stage.deps, requestId));
        const record = found(await stage.deps.records.read(requestId));
        if (record.cancel === undefined) continue;
        cancelled.push(before);
        expect(record.outcome?.event, `before write ${before}`).toBe('end-cancelled');
      }
      // Before the run is claimed, and before it moves on.
      expect(cancelled).toEqual(expect.arrayContaining([1, 2]));
    },
  );
});

/** Moves in the journal that led away from the state in which the request was stored. */
async function movesFrom({ deps }: Stage, { requestId, state }: RequestRecord): Promise<string[]> {
  const journal = await deps.records.journal(requestId);
  const lines = (await text(found(journal).stream)).split('\n').slice(1, -1).map(lineOf);
  const first = lines.find((line) => line.state !== state);
  return first ? [first.event] : [];
}

const lineOf = (line: string) => journalLineSchema.parse(JSON.parse(line));

/** The line of which the record tells and which the journal lacks, and the state before it. */
async function lineApart(
  { deps }: Stage,
  { requestId, state }: RequestRecord,
): Promise<{ event: string; from: string } | undefined> {
  const record = found(await deps.records.read(requestId));
  const { container } = azurite.storage;
  const journal = await container.getBlobClient(`requests/${requestId}/journal.ndjson`).downloadToBuffer();
  const lines = journal.toString('utf8').split('\n').slice(0, -1);
  if (record.journal.seq === lines.length) return undefined;
  const before = lines.slice(1).at(-1);
  return { event: lineOf(record.journal.pendingLine).event, from: before === undefined ? state : lineOf(before).state };
}
