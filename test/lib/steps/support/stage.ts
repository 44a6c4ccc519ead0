import type { RunningSimulator, SimulatorOptions } from '../../../../local/simulator/simulator.ts';
import type { VisionResource } from '../../../../local/simulator/world/model.ts';
import { SECRETS } from '../../../../src/lib/catalog/secrets.ts';
import { addSeconds, type Clock } from '../../../../src/lib/domain/clock.ts';
import { familyMasker } from '../../../../src/lib/domain/masking.ts';
import { type Target, targetSchema, versionOf } from '../../../../src/lib/domain/target.ts';
import { SILENT, type Telemetry } from '../../../../src/lib/domain/telemetry.ts';
import type { Dependencies, Limits } from '../../../../src/lib/steps/dependencies.ts';
import { contentStore } from '../../../../src/lib/store/contents.ts';
import { documentStore } from '../../../../src/lib/store/documents.ts';
import { exclusion } from '../../../../src/lib/store/exclusion.ts';
import { holdStore } from '../../../../src/lib/store/holds.ts';
import { idempotencyKeys } from '../../../../src/lib/store/idempotency.ts';
import { pauseStore } from '../../../../src/lib/store/pauses.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import { roundStore } from '../../../../src/lib/store/rounds.ts';
import { sliceStore } from '../../../../src/lib/store/slices.ts';
import type { Storage } from '../../../../src/lib/store/storage.ts';
import { watchPositions } from '../../../../src/lib/store/watch-position.ts';
import { createBreaker } from '../../../../src/lib/upstream/breaker.ts';
import { createUpstream } from '../../../../src/lib/upstream/upstream.ts';
import { startChecked } from '../../../local/simulator/checked.ts';
import { subscription, tokenOf } from '../../../local/simulator/learning-asking.ts';
import { credential, freePace } from '../../upstream/fixture.ts';
import { Outbox } from './outbox.ts';
import { limitsWith } from './package-world.ts';

/** Stands still until a test turns it. */
export class TurnedClock implements Clock {
  #now = new Date('2026-03-01T12:00:00.000Z');

  now(): Date {
    return this.#now;
  }

  turn(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds);
  }

  /** Never back. */
  turnTo(time: Date): void {
    if (time > this.#now) this.#now = time;
  }
}

export interface StageOptions {
  readonly world?: SimulatorOptions['world'];
  readonly limits?: Partial<Limits>;
  /** Silent without. */
  readonly telemetry?: Telemetry;
  readonly version?: '3.0' | '3.3';
  /** Asks version 1.x of Custom Vision for account info too. */
  readonly accountVersion?: '1.2';
  /** An Azure ML resource of the world, instead of Custom Vision's. */
  readonly managed?:
    | { readonly kind: 'experimentation' | 'model-management'; readonly account: string }
    | { readonly kind: 'machine-learning'; readonly workspace: string }
    | { readonly kind: 'computes'; readonly workspace: string; readonly mayDeleteInfrastructure: true }
    | { readonly kind: 'clusters'; readonly resourceGroup: string; readonly mayDeleteInfrastructure: true };
}

/** Everything that steps use: genuine stores on Azurite and the genuine pipeline to a simulator, whose answers are held against the specifications; clock and queues are the test's. */
export interface Stage extends AsyncDisposable {
  readonly deps: Dependencies;
  readonly simulator: RunningSimulator;
  readonly clock: TurnedClock;
  readonly outbox: Outbox;
  readonly target: Target;
  readonly version: string;
  readonly resource: VisionResource;
}

let stages = 0;

/** A world of its own under a target of its own name, so that tests on one storage don't exclude each other. */
export async function openStage(storage: Storage, options: StageOptions = {}): Promise<Stage> {
  const clock = new TurnedClock();
  const simulator = await startChecked({
    ...(options.world ? { world: options.world } : {}),
    rateLimit: false,
    now: () => clock.now().getTime(),
  });
  const [resource] = simulator.world.resources;
  if (!resource) throw new Error('The world has no resource.');
  stages += 1;
  const target = targetOf(resource, options);
  const outbox = new Outbox(clock);
  const limits: Limits = { ...limitsWith(1_000_000_000), ...options.limits };
  const breaker = createBreaker({ pauses: pauseStore(storage), clock, limits: limits.breaker });
  const upstream = createUpstream({
    credential: options.managed
      ? { getToken: async () => ({ token: await tokenOf(simulator), expiresOnTimestamp: Date.now() + 3_600_000 }) }
      : credential,
    secret: () => resource.keys[0],
    clock,
    health: breaker,
    telemetry: options.telemetry ?? SILENT,
    pace: freePace(),
    gateway: new URL(simulator.url),
    retries: 0,
  });
  const deps: Dependencies = {
    ...storesOn(storage),
    clock,
    limits,
    upstream,
    breaker,
    telemetry: options.telemetry ?? SILENT,
    queues: outbox,
    ...namesOf(target),
  };
  const version = versionOf(target);
  return { deps, simulator, clock, outbox, target, version, resource, [Symbol.asyncDispose]: () => simulator.stop() };
}

function targetOf(resource: VisionResource, { version = '3.3', accountVersion, managed }: StageOptions): Target {
  if (managed) {
    const place = { subscriptionId: subscription, resourceGroup: 'learning' };
    const region = 'mayDeleteInfrastructure' in managed ? {} : { location: 'eastus2' };
    return targetSchema.parse({ name: `learning-${stages}`, ...place, ...region, ...managed });
  }
  return targetSchema.parse({
    kind: 'custom-vision',
    name: `vision-${stages}`,
    endpoint: `https://${resource.host}`,
    signIn: { kind: 'key', setting: 'KEY' },
    version,
    ...(accountVersion ? { accountVersion } : {}),
  });
}

const namesOf = (target: Target) => ({
  mask: familyMasker(SECRETS),
  target: (name: string) => (name === target.name ? target : undefined),
  targetNames: () => [target.name],
  log: () => undefined,
});

const storesOn = (storage: Storage) => ({
  records: recordStore(storage),
  slices: sliceStore(storage),
  rounds: roundStore(storage),
  contents: contentStore(storage),
  documents: documentStore(storage),
  exclusion: exclusion(storage),
  holds: holdStore(storage),
  watchPositions: watchPositions(storage),
  idempotency: idempotencyKeys(storage),
});
