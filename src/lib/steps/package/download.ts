import type { Actor } from '../../domain/actor.ts';
import { isPackageFile } from '../../domain/package-file.ts';
import type { DocumentName } from '../../store/documents.ts';
import type { OpenedBlob } from '../../store/download.ts';
import type { Dependencies } from '../dependencies.ts';
import { namesTag, parseRange } from '../export/byte-range.ts';
import { noteRead, type Read } from '../note-read.ts';
import { availableFile, type FileAsked, type NotThere } from './files.ts';

/** What a client asks of a file; the header values as they came. */
export interface DownloadInput extends FileAsked {
  /** Who asks; of a link, who had it issued. */
  readonly actor: Actor;
  /** Which link it is asked by: until when it is good. */
  readonly link?: string;
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** `part`: where the streamed bytes lie within the `total` of the file. */
export type Download =
  | NotThere
  | { readonly kind: 'unchanged'; readonly etag: string }
  | { readonly kind: 'outside'; readonly total: number }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly etag: string;
      readonly total: number;
      readonly part: { readonly offset: number; readonly count: number } | undefined;
      readonly chunks: OpenedBlob['chunks'];
    };

/**
 * Opens a file of a sealed request, whole or one range of it (RFC 9110, sections 13 and 14), once the journal has been told: of a package each time
 * from its first byte on, of further ranges, and of receipts, once in ten minutes. Nothing of it is held in memory.
 */
export async function download(
  deps: Pick<Dependencies, 'clock' | 'limits' | 'records' | 'documents'>,
  input: DownloadInput,
): Promise<Download> {
  const { requestId } = input;
  const found = await availableFile(deps, input);
  if (found.kind !== 'available') return found;
  const { etag, bytes: total, record, name: file } = found;
  if (input.ifNoneMatch !== undefined && namesTag(input.ifNoneMatch, etag)) return { kind: 'unchanged', etag };
  const wholeOnly = input.ifRange !== undefined && input.ifRange.trim() !== etag;
  const asked = parseRange(wholeOnly ? undefined : input.range, total);
  if (asked.kind === 'outside') return { kind: 'outside', total };
  const part = asked.kind === 'part' ? { offset: asked.offset, count: asked.count } : undefined;
  if ((await noteRead(deps, record, readOf(input, file, (part?.offset ?? 0) === 0))) === 'full' && isPackageFile(file))
    return { kind: 'journal-full' };
  const opened = await deps.documents.open({ requestId, name: file }, part);
  // Written once and never changed: the version that was looked at is the one that is opened.
  return opened
    ? { kind: 'file', name: file, etag, total, part, chunks: opened.chunks }
    : { kind: 'none', state: record.state };
}

/** @param begins whether it is handed out from its first byte on. */
function readOf({ actor, link }: DownloadInput, file: DocumentName, begins: boolean): Read {
  if (!isPackageFile(file)) return { actor, event: 'receipt-downloaded', file };
  const read = { actor, event: 'package-downloaded', each: begins } as const;
  return link === undefined ? { ...read, file } : { ...read, file: `${file} by link`, link };
}
