import type { RequestId } from '../domain/ids.ts';
import { remove, stat, writeText } from './blobs.ts';
import { untilSettled } from './contention.ts';
import { type Destroyer, destroyerName, readDestroyer, writeDestroyer } from './destroyer.ts';
import { firstOf } from './listing.ts';
import { requestIdIn, targetFolder } from './names.ts';
import type { Storage } from './storage.ts';

const POKED_AT_ONCE = 100;

export type Entrance = { kind: 'entered' } | { kind: 'blocked'; by: RequestId };

/**
 * One destructive request a target at a time; exports that have begun finish first. Every call may be repeated. Who is blocked is
 * registered as waiting before this says so: the one it waits for finds it when it leaves.
 */
export interface Exclusion {
  enterExport(target: string, requestId: RequestId): Promise<Entrance>;
  /** When blocked by an export, the target is claimed already: new exports wait. */
  enterDelete(target: string, requestId: RequestId): Promise<Entrance>;
  /** Gives back whatever the request holds there. Returns up to 100 requests that wait there and should look again. */
  leave(target: string, requestId: RequestId): Promise<RequestId[]>;
}

/** Exclusion on blobs under `targets/{target}/`. */
export function exclusion(storage: Storage): Exclusion {
  return {
    enterExport: (target, requestId) =>
      untilSettled(destroyerName(target), () => tryExport(storage, target, requestId)),
    enterDelete: (target, requestId) =>
      untilSettled(destroyerName(target), () => tryDelete(storage, target, requestId)),
    async leave(target, requestId) {
      await remove(storage.container, exportMarker(target, requestId));
      await remove(storage.container, waitingMarker(target, requestId));
      await untilSettled(destroyerName(target), () => tryRelease(storage, target, requestId));
      const waiting = await firstOf(storage.container, `${targetFolder(target)}/waiting/`, POKED_AT_ONCE);
      return waiting.blobs.map(({ name }) => requestIdIn(name));
    },
  };
}

const exportMarker = (target: string, requestId: RequestId) => `${targetFolder(target)}/exports/${requestId}`;
const waitingMarker = (target: string, requestId: RequestId) => `${targetFolder(target)}/waiting/${requestId}`;

async function tryExport(storage: Storage, target: string, requestId: RequestId): Promise<Entrance | undefined> {
  const marker = exportMarker(target, requestId);
  if (!(await stat(storage.container.getBlobClient(marker)))) {
    if (await readDestroyer(storage, target)) return waitBehindDestroyer(storage, target, requestId);
    await writeText(storage.container, marker, { text: '{}' });
  }
  const destroyer = await readDestroyer(storage, target);
  if (!destroyer) return entered(storage, target, requestId);
  if (destroyer.phase === 'active') {
    await remove(storage.container, marker);
    return waitBehindDestroyer(storage, target, requestId);
  }
  // It may have looked for exports before the marker stood there: a new ETag makes it look again before it becomes active.
  const touched = await writeDestroyer(storage, target, { ...destroyer, over: { etag: destroyer.etag } });
  return touched.kind === 'written' ? entered(storage, target, requestId) : undefined;
}

async function tryDelete(storage: Storage, target: string, requestId: RequestId): Promise<Entrance | undefined> {
  const claim = await claimOrRead(storage, target, requestId);
  if (!claim) return undefined;
  if (claim.requestId !== requestId) return waitBehindDestroyer(storage, target, requestId);
  if (claim.phase === 'active') return entered(storage, target, requestId);
  if (await firstExport(storage, target)) {
    await writeText(storage.container, waitingMarker(target, requestId), { text: '{}' });
    // It may have left before the marker stood there.
    const by = await firstExport(storage, target);
    if (by) return { kind: 'blocked', by };
  }
  const activated = await writeDestroyer(storage, target, {
    requestId,
    phase: 'active',
    over: { etag: claim.etag },
  });
  return activated.kind === 'written' ? entered(storage, target, requestId) : undefined;
}

async function claimOrRead(storage: Storage, target: string, requestId: RequestId): Promise<Destroyer | undefined> {
  const claimed = await writeDestroyer(storage, target, { requestId, phase: 'claimed', over: 'absent' });
  if (claimed.kind === 'written') return { requestId, phase: 'claimed', etag: claimed.etag };
  return readDestroyer(storage, target);
}

async function firstExport(storage: Storage, target: string): Promise<RequestId | undefined> {
  const page = await firstOf(storage.container, `${targetFolder(target)}/exports/`, 1);
  const [first] = page.blobs;
  return first && requestIdIn(first.name);
}

/** Registers first and looks again then: a destroyer that leaves in between is seen, or sees who waits. undefined: it has gone. */
async function waitBehindDestroyer(
  storage: Storage,
  target: string,
  requestId: RequestId,
): Promise<Entrance | undefined> {
  await writeText(storage.container, waitingMarker(target, requestId), { text: '{}' });
  const destroyer = await readDestroyer(storage, target);
  return destroyer && { kind: 'blocked', by: destroyer.requestId };
}

async function entered(storage: Storage, target: string, requestId: RequestId): Promise<Entrance> {
  await remove(storage.container, waitingMarker(target, requestId));
  return { kind: 'entered' };
}

/** An export that comes in at the same time may change the blob: then once more. */
async function tryRelease(storage: Storage, target: string, requestId: RequestId): Promise<'free' | undefined> {
  const destroyer = await readDestroyer(storage, target);
  if (destroyer?.requestId !== requestId) return 'free';
  const removed = await remove(storage.container, destroyerName(target), destroyer.etag);
  return removed === 'changed' ? undefined : 'free';
}
