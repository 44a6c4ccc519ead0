import { createHash, randomUUID } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { stat } from './blobs.ts';
import { type BlockBuffers, type Bytes, blockBuffers, inBlocks } from './block-buffers.ts';
import { conditionally, deadline, type Refused } from './conditions.ts';
import { answerOf, asFailure, guarded } from './failure.ts';

export interface ContentFacts {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface UploadSettings {
  /** Sources up to this size take one operation; larger ones go in blocks of it, of which up to three are in memory. */
  readonly blockBytes: number;
  /** Of what begins with these bytes, up to a block of them. */
  readonly contentType: (start: Buffer) => string;
  readonly metadata: (facts: ContentFacts) => Record<string, string>;
}

export type Uploaded = ({ kind: 'written'; contentType: string } & ContentFacts) | { kind: 'exists' };

const STAGED_AT_ONCE = 2;

/**
 * Streams a source into a blob that doesn't exist yet. `exists`: another writer was first; the source is left (and closed) as soon as
 * that is known. What a writer that ended halfway has staged disappears by itself after a week.
 */
export async function uploadOnce(blob: BlockBlobClient, source: Bytes, settings: UploadSettings): Promise<Uploaded> {
  const writer = randomUUID();
  const hash = createHash('sha256');
  const buffers = blockBuffers(settings.blockBytes);
  const staged = stagedBlocks(blob, writer.slice(0, 8), buffers);
  let bytes = 0;
  let only: Buffer = Buffer.alloc(0);
  let contentType: string | undefined;
  try {
    for await (const { block, isLast } of inBlocks(source, buffers)) {
      hash.update(block);
      contentType ??= settings.contentType(block);
      bytes += block.length;
      if (staged.count() > 0) await staged.add(block);
      else if (isLast) only = block;
      else if (await stat(blob)) return { kind: 'exists' };
      else await staged.add(block);
    }
    const blockIds = await staged.all();
    const facts: ContentFacts = { bytes, sha256: hash.digest('hex') };
    contentType ??= settings.contentType(only);
    const content = blockIds.length > 0 ? blockIds : only;
    const finish = { metadata: settings.metadata(facts), contentType, writer, content };
    return (await commit(blob, finish)) ? { kind: 'written', contentType, ...facts } : { kind: 'exists' };
  } finally {
    await staged.settle();
  }
}

interface Finish {
  readonly metadata: Record<string, string>;
  readonly contentType: string;
  readonly writer: string;
  /** The whole of it, or the ids of its blocks. */
  readonly content: Buffer | string[];
}

/** True when this writer's content is what the blob holds now. */
async function commit(blob: BlockBlobClient, { metadata, contentType, writer, content }: Finish): Promise<boolean> {
  const options = {
    abortSignal: deadline(),
    conditions: { ifNoneMatch: '*' },
    blobHTTPHeaders: { blobContentType: contentType },
    metadata: { ...metadata, writer },
  };
  const answer = await conditionally('commit blob', blob.name, () =>
    Array.isArray(content) ? commitBlocks(blob, content, options) : put(blob, content, options),
  );
  if (answer === 'written') return true;
  // The answer to a try that succeeded may have been lost, and the client's own retry refused.
  return (await stat(blob))?.metadata.writer === writer;
}

type PutOptions = Parameters<BlockBlobClient['upload']>[2] & object;

async function put(blob: BlockBlobClient, content: Buffer, options: PutOptions): Promise<'written'> {
  await blob.upload(content, content.length, options);
  return 'written';
}

async function commitBlocks(blob: BlockBlobClient, ids: string[], options: PutOptions): Promise<'written' | Refused> {
  try {
    await blob.commitBlockList(ids, options);
    return 'written';
  } catch (error) {
    // Another writer's commit throws away what this one had staged.
    if (answerOf(error)?.code === 'InvalidBlockList' && (await stat(blob))) return 'exists';
    throw error;
  }
}

function stagedBlocks(blob: BlockBlobClient, writer: string, buffers: BlockBuffers) {
  const ids: string[] = [];
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const stage = async (id: string, block: Buffer) => {
    try {
      await guarded('stage block', blob.name, () =>
        blob.stageBlock(id, block, block.length, { abortSignal: deadline() }),
      );
      // Only what was answered is surely no longer being sent.
      buffers.give(block);
    } catch (error) {
      failures.push(error);
    }
  };
  const failIfFailed = () => {
    if (failures.length > 0) throw asFailure('stage block', blob.name, failures[0]);
  };
  return {
    count: () => ids.length,
    async add(block: Buffer): Promise<void> {
      // Ids of one blob must be of one length; the writer's own part keeps two writers' blocks apart.
      const id = Buffer.from(`${writer}-${String(ids.length).padStart(6, '0')}`).toString('base64');
      ids.push(id);
      while (underWay.size >= STAGED_AT_ONCE) await Promise.race(underWay);
      failIfFailed();
      const work: Promise<void> = stage(id, block).then(() => void underWay.delete(work));
      underWay.add(work);
    },
    async all(): Promise<string[]> {
      await Promise.all(underWay);
      failIfFailed();
      return ids;
    },
    settle: async () => void (await Promise.all(underWay)),
  };
}
