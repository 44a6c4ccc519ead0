import type { Actor } from '../../domain/actor.ts';
import { addSeconds } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import { type PackageFile, packageFileType } from '../../domain/package-file.ts';
import type { LinkGrant } from '../../domain/package-link.ts';
import { mayTellReads } from '../../domain/reads.ts';
import { note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { noteRead } from '../note-read.ts';
import { type Download, type DownloadInput, download } from './download.ts';
import { availableFile, handedOutUntil, type NotThere } from './files.ts';

type LinkDependencies = Pick<Dependencies, 'clock' | 'limits' | 'records' | 'documents' | 'links'>;

export type LinkIssued =
  | NotThere
  /** The operator hands out none. */
  | { readonly kind: 'no-links' }
  | { readonly kind: 'issued'; readonly token: string; readonly until: string };

/**
 * Makes a link to one file that opens it for some minutes, for whoever has it; each is a line of the journal, written before the link is
 * handed out. It never outlives the time in which the package is handed out.
 */
export async function issueLink(
  deps: LinkDependencies,
  { requestId, file, actor }: { readonly requestId: RequestId; readonly file: PackageFile; readonly actor: Actor },
): Promise<LinkIssued> {
  const { links, clock, limits } = deps;
  if (!links) return { kind: 'no-links' };
  const found = await availableFile(deps, { requestId, file });
  if (found.kind !== 'available') return found;
  const at = clock.now();
  const inMinutes = addSeconds(at, links.minutes * 60);
  const end = handedOutUntil(limits, found.record) ?? inMinutes;
  const until = new Date(Math.min(end.getTime(), inMinutes.getTime())).toISOString();
  const told = await deps.records.change(requestId, (record) =>
    mayTellReads(record.journal)
      ? note(record, 'link-issued', { at, actor: actor.name, reason: `${file} until ${until}` })
      : undefined,
  );
  if (told.kind === 'missing') return { kind: 'missing' };
  if (told.kind !== 'changed') return { kind: 'journal-full' };
  const { name, named, fingerprint } = actor;
  const grant: LinkGrant = { v: 1, requestId, file, until, actor: { name, named, fingerprint } };
  return { kind: 'issued', token: await links.tokens.seal(grant), until };
}

export interface LinkFollowed extends Pick<DownloadInput, 'range' | 'ifRange' | 'ifNoneMatch'> {
  readonly grant: LinkGrant;
}

export type Followed =
  | Download
  | { readonly kind: 'expired'; readonly until: string }
  | { readonly kind: 'elsewhere'; readonly url: string };

/**
 * How long an address of storage is good. Whoever follows a link calls it at once; whoever keeps it for longer gets storage's own refusal in XML,
 * which nobody here can word otherwise. Not the link's own end: a link followed in its last moment leads to the file too.
 */
const ADDRESS_SECONDS = 60;

/**
 * What a link leads to now: the file, or an address of storage made for this one call. The journal is told under the name of who had the link
 * issued: each download from the file's first byte on, and each address, which opens all of the file.
 */
export async function followLink(deps: LinkDependencies, { grant, ...asked }: LinkFollowed): Promise<Followed> {
  const { requestId, file, actor } = grant;
  const now = deps.clock.now();
  if (new Date(grant.until) <= now) return { kind: 'expired', until: grant.until };
  if (!deps.links?.storage) return download(deps, { ...asked, requestId, file, actor, link: grant.until });
  const found = await availableFile(deps, { requestId, file });
  if (found.kind !== 'available') return found;
  const read = { actor, event: 'package-downloaded', file: `${file} by link`, each: true } as const;
  if ((await noteRead(deps, found.record, read)) === 'full') return { kind: 'journal-full' };
  const link = { contentType: packageFileType(file), now, until: addSeconds(now, ADDRESS_SECONDS) };
  return { kind: 'elsewhere', url: await deps.links.storage.urlOf({ requestId, name: file }, link) };
}
