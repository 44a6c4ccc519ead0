import type { RequestId } from '../domain/ids.ts';
import { remove } from './blobs.ts';
import { conditionally, deadline } from './conditions.ts';
import { listPage } from './listing.ts';
import { recordName, requestFolder } from './names.ts';
import type { Storage } from './storage.ts';

const PAGE = 500;
const DELETED_AT_ONCE = 8;

/** What of a request holds upstream's data: bytes, documents, ledgers and the package made of them. */
const RESULTS = ['content/', 'tasks/', 'package-', 'manifest'] as const;

/** How much was removed, or would be. `more`: the time was up before the end. `kept`: the rest has to stay. */
export interface Removed {
  readonly blobs: number;
  readonly bytes: number;
  readonly more: boolean;
  readonly kept: boolean;
}

export interface Removing {
  /** Asked before each page: true to go on. */
  readonly hasTime: () => boolean;
  /** Asked before anything of a page goes: true where it has to stay. */
  readonly isKept: () => Promise<boolean>;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** What requests leave behind in storage, removed as a whole. Every call may be repeated. */
export interface RequestFiles {
  /** Package, contents and results of a request; plan, receipt, journal and record stay (the plan until the person goes). */
  removeResults(requestId: RequestId, how: Removing): Promise<Removed>;
  /** Everything in the folder of a request. */
  removeAll(requestId: RequestId, how: Removing): Promise<Removed>;
  /** The plan names items that other people share. */
  removePlan(requestId: RequestId): Promise<void>;
  /** Forgets a stored idempotency key. */
  removeKey(digest: string): Promise<void>;
  /**
   * For how many days storage keeps what was deleted, 0 for not at all; undefined where it keeps versions and nobody has
   * said for how long, or doesn't say.
   */
  keptDays(requestId: RequestId): Promise<number | undefined>;
}

/** Files of requests on blobs. @param versionDays for how long the account's lifecycle rule keeps versions, where the operator has said so. */
export function requestFiles(storage: Storage, versionDays?: number): RequestFiles {
  const under = (requestId: RequestId, names: readonly string[]) =>
    names.map((name) => `${requestFolder(requestId)}/${name}`);
  return {
    removeResults: (requestId, how) => removeUnder(storage, under(requestId, RESULTS), how),
    removeAll: (requestId, how) => removeUnder(storage, under(requestId, ['']), how),
    removePlan: async (requestId) => void (await remove(storage.container, `${requestFolder(requestId)}/plan.json`)),
    removeKey: async (digest) => void (await remove(storage.container, `keys/${digest}`)),
    keptDays: (requestId) => keptDays(storage, requestId, versionDays),
  };
}

async function removeUnder(storage: Storage, prefixes: readonly string[], how: Removing): Promise<Removed> {
  const sum = { blobs: 0, bytes: 0 };
  for (const prefix of prefixes) {
    let marker: string | undefined;
    do {
      if (!how.hasTime()) return { ...sum, more: true, kept: false };
      const page = await listPage(storage.container, prefix, { limit: PAGE, marker });
      const names = page.blobs.map(({ name }) => name);
      if (names.length > 0 && (await how.isKept())) return { ...sum, more: false, kept: true };
      if (!how.dryRun) await removeAll(storage, names);
      sum.blobs += names.length;
      sum.bytes += page.blobs.reduce((total, { bytes }) => total + bytes, 0);
      marker = page.marker;
    } while (marker !== undefined);
  }
  return { ...sum, more: false, kept: false };
}

async function removeAll(storage: Storage, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += DELETED_AT_ONCE) {
    const group = names.slice(from, from + DELETED_AT_ONCE);
    await Promise.all(group.map((name) => remove(storage.container, name)));
  }
}

async function keptDays(
  { account, container }: Storage,
  requestId: RequestId,
  versionDays: number | undefined,
): Promise<number | undefined> {
  // Where versioning is on, every blob has a version id; nothing else tells it on this side of the resource manager.
  const record = container.getBlobClient(recordName(requestId));
  const facts = await conditionally('look at blob', record.name, () =>
    record.getProperties({ abortSignal: deadline() }),
  );
  if (typeof facts === 'string') return undefined;
  const asVersion = facts.versionId === undefined ? 0 : versionDays;
  if (asVersion === undefined) return undefined;
  try {
    const { deleteRetentionPolicy } = await account.getProperties({ abortSignal: deadline() });
    if (!deleteRetentionPolicy) return undefined;
    const { enabled, days } = deleteRetentionPolicy;
    // A version that the rule deletes is kept once more, as what was deleted is.
    return enabled ? days && asVersion + days : asVersion;
  } catch {
    // An identity that may only work with blobs isn't told.
    return undefined;
  }
}
