import { expect } from 'vitest';
import { verbOf } from '../../../../src/lib/catalog/operation.ts';
import { receiptName, sealedEdition } from '../../../../src/lib/domain/edition.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { runInstanceId } from '../../../../src/lib/domain/ids.ts';
import { isEnded, type State } from '../../../../src/lib/domain/lifecycle.ts';
import type { Submission } from '../../../../src/lib/domain/request.ts';
import { type SliceMessage, sliceMessageSchema } from '../../../../src/lib/domain/slice.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { handleSlice } from '../../../../src/lib/steps/rounds/handle-slice.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import type { TestStorage } from '../../store/support/azurite.ts';
import { faultyStorage } from '../../store/support/faulty-storage.ts';
import { Driver } from './driver.ts';
import { EVENTS, type EventName } from './events.ts';
import { unlawful } from './lawful.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import { imageAdded, projectsOf } from './together.ts';
import { eventsOf } from './use-stage.ts';

/** One thing after another. `run`: a run works, and at its k-th call something else happens, or it dies. `late`: an old message comes once more. `adds`: somebody adds an image upstream. */
export type Deed =
  | { readonly kind: 'event'; readonly event: EventName; readonly cut: number | undefined }
  | { readonly kind: 'run'; readonly k: number; readonly meanwhile: EventName | 'die' }
  | { readonly kind: 'late'; readonly pick: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'adds' };

/** A run ended here, without another word. */
class Died extends Error {}

/** One request on a stage of its own, and all that is known of it besides its record. */
class Life {
  readonly driver: Driver;
  readonly sent: SliceMessage[] = [];
  /** Deletions that began upstream, all of them and after the record said that the request is cancelled. */
  deletions = 0;
  deletionsAfterCancel = 0;
  isCancelled = false;
  readonly deps: Dependencies;
  readonly stage: Stage;
  readonly requestId: RequestId;

  constructor(stage: Stage, requestId: RequestId) {
    this.stage = stage;
    this.requestId = requestId;
    const { upstream, queues } = stage.deps;
    this.deps = {
      ...stage.deps,
      queues: {
        ...queues,
        approximateCount: (name) => queues.approximateCount(name),
        send: (...call) => this.#send(call),
      },
      upstream: {
        ...upstream,
        send: (target, call) => {
          if (verbOf(call.operation.route) === 'DELETE') this.#deletes();
          return upstream.send(target, call);
        },
      },
    };
    this.driver = new Driver(stage, this.deps);
  }

  #deletes(): void {
    this.deletions += 1;
    if (this.isCancelled) this.deletionsAfterCancel += 1;
  }

  #send([queue, message, options]: Parameters<Dependencies['queues']['send']>): Promise<void> {
    const slice = sliceMessageSchema.safeParse(message);
    if (slice.success) this.sent.push(slice.data);
    return this.stage.deps.queues.send(queue, message, options);
  }

  async happen(name: EventName, deps: Dependencies = this.deps): Promise<void> {
    await EVENTS[name]({ deps, requestId: this.requestId, instances: this.driver.instances });
    const record = await this.driver.record(this.requestId);
    this.isCancelled = record.cancel !== undefined;
    // A slice at work looks at the record every few seconds.
    this.stage.clock.turn(4);
  }

  /** The process ends after so many calls of the record store. */
  async happenAndDie(name: EventName, calls: number, { connection }: TestStorage): Promise<void> {
    await using faulty = await faultyStorage(connection);
    faulty.cutAfter(calls);
    try {
      await this.happen(name, { ...this.deps, records: recordStore(faulty.storage) });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'StorageFailure') throw error;
    }
    this.isCancelled = (await this.driver.record(this.requestId)).cancel !== undefined;
  }

  /** The run that should be at work, with something else at its k-th call. */
  async run(k = -1, meanwhile: EventName | 'die' = 'die'): Promise<void> {
    let calls = 0;
    const interrupted = async (): Promise<void> => {
      calls += 1;
      if (calls - 1 !== k) return;
      if (meanwhile === 'die') throw new Died();
      await this.happen(meanwhile);
    };
    this.driver.deps = {
      ...this.deps,
      records: withBefore(this.deps.records, interrupted),
      slices: withBefore(this.deps.slices, interrupted),
      rounds: withBefore(this.deps.rounds, interrupted),
      documents: withBefore(this.deps.documents, interrupted),
    };
    try {
      await this.driver.run(this.requestId);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
    const { run } = await this.driver.record(this.requestId);
    this.driver.instances.known.set(runInstanceId(this.requestId, run.n), 'ended');
  }
}

/** Every method of a store after something else. */
const withBefore = <T extends object>(store: T, before: () => Promise<void>): T =>
  new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || name === 'lines') return value;
      return async (...given: unknown[]) => {
        await before();
        return Reflect.apply(value, target, given);
      };
    },
  });

async function doDeed(life: Life, done: Deed, azurite: TestStorage): Promise<void> {
  switch (done.kind) {
    case 'event':
      return done.cut === undefined ? life.happen(done.event) : life.happenAndDie(done.event, done.cut, azurite);
    case 'run':
      return life.run(done.k, done.meanwhile);
    case 'late': {
      const message = life.sent[done.pick % Math.max(1, life.sent.length)];
      if (message) await handleSlice(life.deps, message, async () => undefined);
      return;
    }
    case 'days':
      return life.stage.clock.turn(done.days * 86_400);
    case 'adds':
      for (const project of projectsOf(life.stage).slice(0, 1)) imageAdded(life.stage, project);
  }
}

/** Nobody does anything any more but the watchdog. How many of its looks it took. */
async function toTheEnd(life: Life): Promise<number> {
  await life.happen('lift');
  for (let looks = 0; looks < 60; looks += 1) {
    if (isEnded((await life.driver.record(life.requestId)).state)) return looks;
    await life.happen('tick');
    await life.run();
    life.stage.clock.turn(86_400);
  }
  throw new Error('The request does not come to its end.');
}

/** What came of a life: that the lives as a whole were eventful is asserted too. */
export interface Lived {
  readonly state: State;
  readonly deletions: number;
  readonly wasCancelledAtWork: boolean;
  /** How often upstream no longer was what was approved. */
  readonly drifts: number;
}

/** What is asked for, and where. */
export interface Asked {
  readonly submission: Partial<Submission>;
  readonly options: StageOptions;
}

/**
 * One request from its coming in to its end, with all that happens meanwhile: each line of its journal is lawful, what was changed has a receipt, and
 * nothing is begun once it is cancelled.
 */
export async function live(
  azurite: TestStorage,
  { submission, options }: Asked,
  { approved, deeds }: { approved: boolean; deeds: readonly Deed[] },
): Promise<Lived> {
  await using stage = await openStage(azurite.storage, options);
  const requestId = await new Driver(stage).submit(submission);
  const life = new Life(stage, requestId);
  if (approved) {
    await life.run();
    await life.happen('approve');
  }
  for (const one of deeds) {
    await doDeed(life, one, azurite);
    expect(await unlawful(stage, requestId)).toEqual([]);
  }
  await toTheEnd(life);
  expect(await unlawful(stage, requestId)).toEqual([]);
  const record = await life.driver.record(requestId);
  // One may have been on its way when the record was written.
  expect(life.deletionsAfterCancel).toBeLessThanOrEqual(1);
  if (record.cancel) expect(record.state).toBe('cancelled');
  if (life.deletions > 0) expect(record.touchedUpstream).toBe(true);
  const name = receiptName(sealedEdition(record), 'json');
  if (record.touchedUpstream) expect(await stage.deps.documents.open({ requestId, name })).toBeDefined();
  const { state, cancel, touchedUpstream } = record;
  const drifts = (await eventsOf(stage, requestId)).filter((event) => event === 'drift').length;
  return { state, deletions: life.deletions, wasCancelledAtWork: cancel !== undefined && touchedUpstream, drifts };
}
