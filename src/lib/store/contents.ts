import type { BlobClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { RequestId, TaskId } from '../domain/ids.ts';
import type { Content } from '../domain/ledger.ts';
import { mediaTypeOf, TYPED_BY_BYTES } from '../domain/media-type.ts';
import { stat } from './blobs.ts';
import type { Bytes } from './block-buffers.ts';
import { openBlob } from './download.ts';
import { UnreadableBlob } from './failure.ts';
import { contentName, isContentName } from './names.ts';
import type { Storage } from './storage.ts';
import { uploadOnce } from './upload.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

export interface ContentPlace {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  /** Names the content within its task: the item's key, and which of its parts it is. */
  readonly key: string;
}

export interface ContentStore {
  /**
   * Streams a content to its blob, once: where an earlier attempt has saved it, the stored facts come back and the source is closed. Its type is
   * the declared one, or that of its first bytes where that says nothing.
   */
  save(place: ContentPlace, source: Bytes, declaredType: string): Promise<Content>;
  find(place: ContentPlace): Promise<Content | undefined>;
  /** The bytes of a saved content. @throws TypeError for a name outside the folders of contents, UnreadableBlob when it is gone. */
  read(blob: string): AsyncIterable<Buffer>;
}

/** Downloaded bytes on blobs: SHA-256 on the way, at most a few blocks of 4 MiB in memory. */
export function contentStore({ container }: Storage): ContentStore {
  const blobOf = (place: ContentPlace) => container.getBlockBlobClient(contentName(place));
  return {
    async save(place, source, declaredType) {
      const blob = blobOf(place);
      const uploaded = await uploadOnce(blob, source, {
        blockBytes: BLOCK_BYTES,
        contentType: (start) => mediaTypeOf(declaredType, start.subarray(0, TYPED_BY_BYTES)),
        metadata: ({ sha256 }) => ({ sha256 }),
      });
      if (uploaded.kind === 'written') {
        const { bytes, sha256, contentType } = uploaded;
        return { blob: blob.name, bytes, sha256, contentType };
      }
      const stored = await storedContent(blob);
      if (!stored) throw new UnreadableBlob(blob.name);
      return stored;
    },
    find: (place) => storedContent(blobOf(place)),
    async *read(name) {
      if (!isContentName(name)) throw new TypeError('not the name of a content');
      const opened = await openBlob(container.getBlobClient(name));
      if (!opened) throw new UnreadableBlob(name);
      yield* opened.chunks;
    },
  };
}

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

async function storedContent(blob: BlobClient): Promise<Content | undefined> {
  const facts = await stat(blob);
  if (!facts) return undefined;
  const sha256 = sha256Schema.safeParse(facts.metadata.sha256);
  if (!sha256.success) throw new UnreadableBlob(blob.name);
  return { blob: blob.name, bytes: facts.bytes, sha256: sha256.data, contentType: facts.contentType };
}
