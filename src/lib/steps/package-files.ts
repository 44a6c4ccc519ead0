import type { Actor } from '../domain/actor.ts';
import type { RequestId } from '../domain/ids.ts';
import { isEnded, type State } from '../domain/lifecycle.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { Dependencies } from './dependencies.ts';
import { noteRead } from './note-read.ts';

/** A file of the package, as it is named in an address. */
export type PackageFile = 'manifest.json' | `package-${string}.zip`;

const FILE = /^(?:manifest\.json|package-[0-9]{3,6}\.zip)$/;
export const isPackageFile = (name: string): name is PackageFile => FILE.test(name);

export interface SealedPackage {
  readonly volumes: readonly StoredDocument[];
  readonly manifestBytes: number;
}

/** Why a sealed document isn't there: no such request, not sealed yet, or never to be. */
export type NotThere =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-sealed'; readonly state: State }
  | { readonly kind: 'none'; readonly state: State };

type Stores = Pick<Dependencies, 'records' | 'documents'>;

/** Whether a request has come to its end; what is written while it is being sealed isn't handed out. */
export async function sealedRecord(
  deps: Stores,
  requestId: RequestId,
): Promise<{ kind: 'sealed'; record: RequestRecord } | Exclude<NotThere, { kind: 'none' }>> {
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  return isEnded(record.state) ? { kind: 'sealed', record } : { kind: 'not-sealed', state: record.state };
}

/** The package's files. The journal tells to whom they were named. */
export async function listPackage(
  deps: Stores & Pick<Dependencies, 'clock'>,
  requestId: RequestId,
  actor: Actor,
): Promise<{ kind: 'package'; content: SealedPackage } | NotThere> {
  const sealed = await sealedRecord(deps, requestId);
  if (sealed.kind !== 'sealed') return sealed;
  const manifest = await deps.documents.look({ requestId, name: 'manifest.json' });
  if (!manifest) return { kind: 'none', state: sealed.record.state };
  const volumes = await deps.documents.listVolumes(requestId);
  await noteRead(deps, sealed.record, { actor, event: 'package-listed', file: 'package' });
  return { kind: 'package', content: { volumes, manifestBytes: manifest.bytes } };
}
