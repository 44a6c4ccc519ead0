import type { Actor } from '../../domain/actor.ts';
import { addDays } from '../../domain/clock.ts';
import {
  editionOfFile,
  type ManifestName,
  manifestName,
  packageEdition,
  receiptName,
  sealedEdition,
} from '../../domain/edition.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { State } from '../../domain/lifecycle.ts';
import { isPackageFile, type PackageFile } from '../../domain/package-file.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { hasPackage } from '../../plan/outcome.ts';
import type { DocumentName, StoredDocument } from '../../store/documents.ts';
import type { Dependencies, Limits } from '../dependencies.ts';
import { noteRead } from '../note-read.ts';

export interface SealedPackage {
  readonly volumes: readonly StoredDocument[];
  readonly manifest: { readonly name: ManifestName; readonly bytes: number };
}

/** Why a sealed document isn't handed out: no such request, not sealed yet, never to be; or nobody could write down that it was. */
export type NotThere =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-sealed'; readonly state: State }
  | { readonly kind: 'none'; readonly state: State }
  /** It was there once. */
  | { readonly kind: 'gone'; readonly since: string }
  | { readonly kind: 'journal-full' };

export type SealedFile = PackageFile | 'receipt.json' | 'receipt.jws';

type Stores = Pick<Dependencies, 'records' | 'documents'>;

/** Whether a request has been sealed, once at least; what is written while it is being sealed isn't handed out. */
export async function sealedRecord(
  deps: Stores,
  requestId: RequestId,
): Promise<{ kind: 'sealed'; record: RequestRecord } | Extract<NotThere, { kind: 'missing' | 'not-sealed' }>> {
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  return sealedEdition(record) > 0 ? { kind: 'sealed', record } : { kind: 'not-sealed', state: record.state };
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
  /** Its name in storage. */
  readonly name: DocumentName;
  readonly etag: string;
  readonly bytes: number;
}

/** A file of a sealed request. `edition`: of the receipt; the last one where absent. */
export interface FileAsked {
  readonly requestId: RequestId;
  readonly file: SealedFile;
  readonly edition?: number | undefined;
}

/** A file of a sealed request, if it is to be had now. Receipts stay when the package goes. */
export async function availableFile(
  deps: Stores & Pick<Dependencies, 'clock' | 'limits'>,
  asked: FileAsked,
): Promise<AvailableFile | NotThere> {
  const { requestId, file } = asked;
  const sealed = await sealedRecord(deps, requestId);
  if (sealed.kind !== 'sealed') return sealed;
  const { record } = sealed;
  const expired = isPackageFile(file) ? expiredPackage(deps, record) : undefined;
  if (expired) return expired;
  const name = nameOf(record, asked);
  const facts = name && (await deps.documents.look({ requestId, name }));
  return facts ? { kind: 'available', record, name, ...facts } : { kind: 'none', state: record.state };
}

/** The name in storage; undefined for an edition that isn't sealed. */
function nameOf(record: RequestRecord, { file, edition }: FileAsked): DocumentName | undefined {
  const last = sealedEdition(record);
  if (file === 'receipt.json' || file === 'receipt.jws') {
    const wanted = edition ?? last;
    return wanted <= last ? receiptName(wanted, file === 'receipt.json' ? 'json' : 'jws') : undefined;
  }
  return (editionOfFile(file) ?? last + 1) <= packageEdition(record, last) ? file : undefined;
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
  const edition = packageEdition(sealed.record, sealedEdition(sealed.record));
  const name = manifestName(edition);
  const manifest = await deps.documents.look({ requestId, name });
  if (!manifest) return { kind: 'none', state: sealed.record.state };
  const volumes = await deps.documents.listVolumes(requestId, edition);
  const noted = await noteRead(deps, sealed.record, { actor, event: 'package-listed', file: 'package' });
  if (noted === 'full') return { kind: 'journal-full' };
  return { kind: 'package', content: { volumes, manifest: { name, bytes: manifest.bytes } } };
}
