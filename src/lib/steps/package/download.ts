import type { Actor } from '../../domain/actor.ts';
import type { OpenedBlob } from '../../store/download.ts';
import type { Dependencies } from '../dependencies.ts';
import { namesTag, parseRange } from '../export/byte-range.ts';
import { noteRead } from '../note-read.ts';
import { availableFile, type FileAsked, type NotThere } from './files.ts';

/** What a client asks of a file; the header values as they came. */
export interface DownloadInput extends FileAsked {
  /** Who asks; of a link, who had it issued. */
  readonly actor: Actor;
  readonly by?: 'link';
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

/** Opens a file of a sealed request, whole or one range of it (RFC 9110, sections 13 and 14), once the journal has been told. Nothing of it is held in memory. */
export async function download(
  deps: Pick<Dependencies, 'clock' | 'limits' | 'records' | 'documents'>,
  input: DownloadInput,
): Promise<Download> {
  const { requestId, actor } = input;
  const found = await availableFile(deps, input);
  if (found.kind !== 'available') return found;
  const { etag, bytes: total, record, name: file } = found;
  if (input.ifNoneMatch !== undefined && namesTag(input.ifNoneMatch, etag)) return { kind: 'unchanged', etag };
  const wholeOnly = input.ifRange !== undefined && input.ifRange.trim() !== etag;
  const asked = parseRange(wholeOnly ? undefined : input.range, total);
  if (asked.kind === 'outside') return { kind: 'outside', total };
  const part = asked.kind === 'part' ? { offset: asked.offset, count: asked.count } : undefined;
  const event = file.startsWith('receipt') ? 'receipt-downloaded' : 'package-downloaded';
  const read = input.by ? { file: `${file} by ${input.by}`, each: true } : { file };
  if ((await noteRead(deps, record, { actor, event, ...read })) === 'full') return { kind: 'journal-full' };
  const opened = await deps.documents.open({ requestId, name: file }, part);
  // Written once and never changed: the version that was looked at is the one that is opened.
  return opened
    ? { kind: 'file', name: file, etag, total, part, chunks: opened.chunks }
    : { kind: 'none', state: record.state };
}
