import type { TokenCredential } from '@azure/identity';
import { SECRETS } from '../catalog/secrets.ts';
import { systemClock } from '../domain/clock.ts';
import type { KeySet } from '../domain/jwks.ts';
import { familyMasker } from '../domain/masking.ts';
import type { OpenDsrProcessor } from '../domain/open-dsr.ts';
import type { Telemetry } from '../domain/telemetry.ts';
import { announcer } from '../steps/callbacks/announce.ts';
import type { Links } from '../steps/dependencies.ts';
import type { SweepDependencies } from '../steps/sweeps/sweep.ts';
import { contentStore } from '../store/contents.ts';
import { documentStore } from '../store/documents.ts';
import { exclusion } from '../store/exclusion.ts';
import { holdStore } from '../store/holds.ts';
import { idempotencyKeys } from '../store/idempotency.ts';
import { installationKey } from '../store/installation-key.ts';
import { pace } from '../store/pace.ts';
import { pauseStore } from '../store/pauses.ts';
import { queueStore } from '../store/queues.ts';
import { recordStore } from '../store/records.ts';
import { requestFiles } from '../store/request-files.ts';
import { requestWalk } from '../store/request-walk.ts';
import { roundStore } from '../store/rounds.ts';
import { sliceStore } from '../store/slices.ts';
import { ensureContainer, openStorage, type Storage } from '../store/storage.ts';
import { storageLinks } from '../store/storage-links.ts';
import { sweepPositions } from '../store/sweep-positions.ts';
import { watchPositions } from '../store/watch-position.ts';
import { type Breaker, createBreaker } from '../upstream/breaker.ts';
import { createCallbacks } from '../upstream/callbacks.ts';
import { createPace } from '../upstream/pace.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';
import { type Authenticate, authenticator } from './authenticate.ts';
import { appCredential } from './credential.ts';
import type { LinkSettings } from './link-settings.ts';
import { linkTokens } from './link-tokens.ts';
import { writeLog } from './log.ts';
import { type RateLimit, rateLimit } from './rate-limit.ts';
import { type ReceiptKeys, receiptKeys } from './receipt-keys.ts';
import { parseSettings, type Settings, SettingsError } from './settings.ts';
import { startTelemetry } from './telemetry/telemetry.ts';
import { toldRecords } from './telemetry/told-records.ts';

/** The app's settings, parsed when they are first asked for. @throws SettingsError */
export function settings(): Settings {
  parsed ??= parseSettings(process.env);
  return parsed;
}
let parsed: Settings | undefined;

/** Whether the settings can be parsed. `say` is told what is wrong: names of settings, never their values. */
export function settingsHold(say: (fault: SettingsError) => void = () => {}): boolean {
  try {
    settings();
    return true;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    say(error);
    return false;
  }
}

/** Who makes a request. @throws SettingsError */
export const authenticate: Authenticate = async (request) => {
  authenticateWith ??= authenticator(settings().authentication);
  return authenticateWith(request);
};
let authenticateWith: Authenticate | undefined;

/** Whether a caller has to wait. @throws SettingsError */
export const limitRate: RateLimit = (caller) => {
  limitWith ??= rateLimit(settings().http.requestsPerMinute, systemClock);
  return limitWith(caller);
};
let limitWith: RateLimit | undefined;

/** The operator as a processor of OpenDSR; undefined where it isn't one. @throws SettingsError */
export const openDsrProcessor = (): OpenDsrProcessor | undefined => settings().openDsr;

/** The public keys of receipts. @throws SettingsError */
export const publishedKeys = async (): Promise<KeySet> => (await keys()).published;

function keys(): Promise<ReceiptKeys> {
  keysMade ??= receiptKeys(settings().receiptKeys);
  return keysMade;
}
let keysMade: Promise<ReceiptKeys> | undefined;

/** Every real client, made once for the process; the container exists when this resolves. */
export function dependencies(): Promise<SweepDependencies> {
  made ??= make(settings()).catch((error: unknown) => {
    // The next caller tries again: storage may only have been slow to come up.
    made = undefined;
    throw error;
  });
  return made;
}
let made: Promise<SweepDependencies> | undefined;

async function make(from: Settings): Promise<SweepDependencies> {
  const credential = appCredential();
  const storage = openStorage('connection' in from.storage ? from.storage : { ...from.storage, credential });
  await ensureContainer(storage);
  const { signer } = await keys();
  const telemetry = await startTelemetry(from.telemetry);
  const queues = queueStore(storage);
  const breaker = createBreaker({ pauses: pauseStore(storage), clock: systemClock, limits: from.limits.breaker });
  const targets = new Map(from.targets.map((target) => [target.name, target]));
  return {
    clock: systemClock,
    limits: from.limits,
    records: toldRecords(recordStore(storage, announcer(queues)), telemetry),
    slices: sliceStore(storage),
    rounds: roundStore(storage),
    contents: contentStore(storage),
    documents: documentStore(storage),
    exclusion: exclusion(storage),
    holds: holdStore(storage),
    watchPositions: watchPositions(storage),
    idempotency: idempotencyKeys(storage),
    queues,
    upstream: upstreamFor(from, storage, { credential, breaker, telemetry }),
    breaker,
    telemetry,
    ...(from.openDsr && { openDsr: from.openDsr }),
    ...(from.links && { links: linksFor(from.links, storage) }),
    ...(from.callbacks && { callbacks: createCallbacks(from.callbacks) }),
    ...(signer && { signer }),
    mask: familyMasker(SECRETS),
    target: (name) => targets.get(name),
    targetNames: () => [...targets.keys()],
    log: writeLog,
    files: requestFiles(storage, from.periods.versions),
    walk: requestWalk(storage),
    positions: sweepPositions(storage),
    periods: from.periods,
    policies: from.policies,
  };
}

function linksFor({ through, minutes }: LinkSettings, storage: Storage): Links {
  let key: Promise<string> | undefined;
  const tokens = linkTokens(() => {
    key ??= installationKey(storage, 'links-key.json').catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return key;
  });
  return { minutes, tokens, ...(through === 'storage' && { storage: storageLinks(storage) }) };
}

function upstreamFor(
  from: Settings,
  storage: Storage,
  given: { credential: TokenCredential; breaker: Breaker; telemetry: Telemetry },
): Upstream {
  const clock = systemClock;
  return createUpstream({
    credential: given.credential,
    secret: (setting) => process.env[setting],
    clock,
    health: given.breaker,
    telemetry: given.telemetry,
    pace: createPace({ reservations: pace(storage, clock), clock }),
    ...(from.gateway ? { gateway: from.gateway } : {}),
  });
}
