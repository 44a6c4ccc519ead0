import { createHash } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { mintTaskId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { Sweeping, SweepOrder, Window } from '../../../../src/lib/steps/sweeps/sweep.ts';
import { requestFiles } from '../../../../src/lib/store/request-files.ts';
import { requestWalk } from '../../../../src/lib/store/request-walk.ts';
import type { Storage } from '../../../../src/lib/store/storage.ts';
import { sweepPositions } from '../../../../src/lib/store/sweep-positions.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

export const PERIODS = { exportResults: 30, deleteResults: 60, subject: 90, history: 14 };

/** The durable client's histories, by the time of their start. */
export class KnownHistory {
  readonly started: Date[] = [];
  readonly windows: Window[] = [];

  private within({ from, to }: Window): Date[] {
    return this.started.filter((time) => time >= from && time < to);
  }

  count = async (window: Window): Promise<number> => this.within(window).length;

  purge = async (window: Window): Promise<number> => {
    this.windows.push(window);
    const gone = this.within(window);
    for (const time of gone) this.started.splice(this.started.indexOf(time), 1);
    return gone.length;
  };
}

export interface SweepBench {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly deps: Sweeping;
  readonly history: KnownHistory;
  /** Events that were logged. */
  readonly events: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
}

/** Steps, stores and upstream as they are, with what sweeps use besides; one for the tests of a file. */
export function useSweeps(options: StageOptions = {}): SweepBench {
  const azurite = useAzurite();
  let stage: Stage | undefined;
  const history = new KnownHistory();
  const events: [string, Readonly<Record<string, unknown>>][] = [];
  beforeAll(async () => {
    stage = await openStage(azurite.storage, options);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  const opened = (): Stage => {
    if (!stage) throw new Error('The stage opens before the tests.');
    return stage;
  };
  return {
    get stage() {
      return opened();
    },
    get storage() {
      return azurite.storage;
    },
    get deps() {
      const { storage } = azurite;
      const log = (event: string, facts: Readonly<Record<string, unknown>>) => void events.push([event, facts]);
      const sweeps = {
        files: requestFiles(storage),
        walk: requestWalk(storage),
        positions: sweepPositions(storage),
        periods: PERIODS,
        policies: [],
        history,
        log,
      };
      return { ...opened().deps, ...sweeps };
    },
    history,
    events,
  };
}

/** With all the time that it needs. */
export const order = (deps: Sweeping, change: Partial<SweepOrder> = {}): SweepOrder => ({
  until: new Date(deps.clock.now().getTime() + 3_600_000),
  dryRun: false,
  ...change,
});

export const put = async ({ container }: Storage, name: string, text = 'x'): Promise<void> =>
  void (await container.getBlockBlobClient(name).upload(text, text.length));

/** Names of the blobs below a prefix, without it. */
export async function namesUnder({ container }: Storage, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name.slice(prefix.length));
  return names.sort();
}

export const PERSON = { reference: 'case-77', email: 'someone@example.com', objectId: crypto.randomUUID() };

/** A request that has ended just now by the stage's clock, with everything that such a request leaves in storage. */
export async function ended(bench: SweepBench, change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
  const { deps, storage } = bench;
  const at = deps.clock.now().toISOString();
  const submission = {
    ...newRecord().submission,
    subject: PERSON,
    scope: 'subject' as const,
    note: 'About Mrs Someone',
  };
  const fresh = newRecord();
  const keyDigest = createHash('sha256').update(fresh.requestId).digest('hex');
  await deps.idempotency.claim(keyDigest, { requestId: fresh.requestId, bodyDigest: 'b' });
  const record = {
    ...fresh,
    submission,
    salt: 's'.repeat(43),
    keyDigest,
    lastReads: { 'portal package': at },
    include: ['cv-projects/of-mrs-someone'],
    state: 'completed' as const,
    stateSince: at,
    endedAt: at,
    run: { n: 1, ended: true },
    ...change,
  };
  await deps.records.create(record);
  const folder = `requests/${record.requestId}`;
  for (const name of LEFT) await put(storage, `${folder}/${name}`, 'Mrs Someone');
  await put(storage, `${folder}/plan.json`, JSON.stringify({ shared: { keys: ['cv-projects/of-mrs-someone'] } }));
  await deps.documents.writeTasks(record.requestId, { v: 1, revision: 1, tasks: [] });
  return record;
}

/** What goes with the results. */
export const LEFT = [
  `content/${mintTaskId(1, 0)}/${'0'.repeat(32)}`,
  `tasks/${mintTaskId(1, 0)}/done/walk-root.ndjson`,
  `tasks/${mintTaskId(1, 0)}/progress.json`,
  'package-001.zip',
  'manifest.json',
];

export async function read(bench: SweepBench, requestId: RequestId): Promise<RequestRecord> {
  const record = await bench.deps.records.read(requestId);
  if (!record) throw new Error('The record is gone.');
  return record;
}
