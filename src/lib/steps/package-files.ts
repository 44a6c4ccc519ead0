import type { Actor } from '../domain/actor.ts';
import { addDays } from '../domain/clock.ts';
import type { RequestId } from '../domain/ids.ts';
import { isEnded, type State } from '../domain/lifecycle.ts';
import { isPackageFile, type PackageFile } from '../domain/package-file.ts';
import type { RequestRecord } from '../domain/request.ts';
import { hasPackage } from '../plan/outcome.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { Dependencies, Limits } from './dependencies.ts';
import { noteRead } from './note-read.ts';

export interface SealedPackage {
  readonly volumes: readonly StoredDocument[];
  readonly manifestBytes: number;
}

/** Why a sealed document isn't there: no such request, not sealed yet, or never to be. */
export type NotThere =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-sealed'; readonly state: State }
  | { readonly kind: 'none'; readonly state: State }
  /** It was there once. */
  | { readonly kind: 'gone'; readonly since: string };

export type SealedFile = PackageFile | 'receipt.json' | 'receipt.jws';

type Stores = Pick<Dependencies, 'records' | 'documents'>;

/** Whether a request has come to its end; what is written while it is being sealed isn't handed out. */
export async function sealedRecord(
  deps: Stores,
  requestId: RequestId,
): Promise<{ kind: 'sealed'; record: RequestRecord } | Exclude<NotThere, { kind: 'none' | 'gone' }>> {
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  return isEnded(record.state) ? { kind: 'sealed', record } : { kind: 'not-sealed', state: record.state };
}

/**
 * Whether the time in which a package is handed out is over, or the package itself is gone. It is over some time before the package goes: nobody
 * begins a download that can't end.
 */
export function expiredPackage(
  { clock, limits }: Pick<Dependencies, 'clock' | 'limits'>,
  record: RequestRecord,
): Extract<NotThere, { kind: 'gone' }> | undefined {
  if (record.results && hasPackage(record)) return { kind: 'gone', since: record.results.since };
  const end = handedOutUntil(limits, record);
  return end && end <= clock.now() && hasPackage(record) ? { kind: 'gone', since: end.toISOString() } : undefined;
}

/** When the time is over in which the package of an ended request is handed out. */
export const handedOutUntil = ({ downloadDays }: Pick<Limits, 'downloadDays'>, { endedAt }: RequestRecord) =>
  endedAt === undefined ? undefined : addDays(new Date(endedAt), downloadDays);

export interface AvailableFile {
  readonly kind: 'available';
  readonly record: RequestRecord;
  readonly etag: string;
  readonly bytes: number;
}

/** A file of a sealed request, if it is to be had now. Receipts stay when the package goes. */
export async function availableFile(
  deps: Stores & Pick<Dependencies, 'clock' | 'limits'>,
  requestId: RequestId,
  file: SealedFile,
): Promise<AvailableFile | NotThere> {
  const sealed = await sealedRecord(deps, requestId);
  if (sealed.kind !== 'sealed') return sealed;
  const { record } = sealed;
  const expired = isPackageFile(file) ? expiredPackage(deps, record) : undefined;
  if (expired) return expired;
  const facts = await deps.documents.look({ requestId, name: file });
  return facts ? { kind: 'available', record, ...facts } : { kind: 'none', state: record.state };
}

/** The package's files. The journal tells to whom they were named. */
export async function listPackage(
  deps: Stores & Pick<Dependencies, 'clock' | 'limits'>,
  requestId: RequestId,
  actor: Actor,
): Promise<{ kind: 'package'; content: SealedPackage } | NotThere> {
  const sealed = await sealedRecord(deps, requestId);
  if (sealed.kind !== 'sealed') return sealed;
  const expired = expiredPackage(deps, sealed.record);
  if (expired) return expired;
  const manifest = await deps.documents.look({ requestId, name: 'manifest.json' });
  if (!manifest) return { kind: 'none', state: sealed.record.state };
  const volumes = await deps.documents.listVolumes(requestId);
  await noteRead(deps, sealed.record, { actor, event: 'package-listed', file: 'package' });
  return { kind: 'package', content: { volumes, manifestBytes: manifest.bytes } };
}
