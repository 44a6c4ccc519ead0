import { z } from 'zod';
import { editionOfFile, type ManifestName, type ReceiptName, type VolumeName } from '../domain/edition.ts';
import type { RequestId } from '../domain/ids.ts';
import { type Plan, planSchema, type TaskList, taskListSchema } from '../domain/plan.ts';
import { readJson, stat, writeText } from './blobs.ts';
import type { Bytes } from './block-buffers.ts';
import { type ByteRange, type OpenedBlob, openBlob } from './download.ts';
import { UnreadableBlob } from './failure.ts';
import { listPage } from './listing.ts';
import { requestFolder } from './names.ts';
import type { Storage } from './storage.ts';
import { type ContentFacts, uploadOnce } from './upload.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

export type DocumentName = 'plan.json' | ManifestName | ReceiptName | `tasks-${number}.json` | VolumeName;

/** A blob that lies directly in the folder of a request. */
export interface DocumentRef {
  readonly requestId: RequestId;
  readonly name: DocumentName;
}

export interface StoredDocument extends ContentFacts {
  readonly name: string;
}

export interface DocumentStore {
  readPlan(requestId: RequestId): Promise<Plan | undefined>;
  /** The plan of the latest revision takes the place of the one before. */
  writePlan(requestId: RequestId, plan: Plan): Promise<void>;
  readTasks(requestId: RequestId, revision: number): Promise<TaskList | undefined>;
  /** Once: tasks that are written down already stay as they are. */
  writeTasks(requestId: RequestId, tasks: TaskList): Promise<void>;
  /** `once`: one that is there already stays, and the answer is `exists`. */
  write(document: DocumentRef, value: object, mode: 'once' | 'replace'): Promise<'written' | 'exists'>;
  /** @throws UnreadableBlob for one that isn't what the schema says. */
  read<T>(document: DocumentRef, schema: z.ZodType<T>): Promise<T | undefined>;
  /**
   * Streams a document (a volume, a long manifest) to its blob, once, with SHA-256 on the way. Where it is there already the stored
   * facts come back: what is streamed is made from what is stored, so both are the same.
   */
  save(document: DocumentRef, source: Bytes, contentType: string): Promise<StoredDocument>;
  /** Size, ETag and type without the content. */
  look(document: DocumentRef): Promise<{ bytes: number; etag: string; contentType: string } | undefined>;
  /** Streams a document or a range of it, which must begin within it: look first. */
  open(document: DocumentRef, range?: ByteRange): Promise<OpenedBlob | undefined>;
  /** The volumes of one edition of the package, in order. */
  listVolumes(requestId: RequestId, edition: number): Promise<StoredDocument[]>;
}

/** Documents of requests on blobs. */
export function documentStore({ container }: Storage): DocumentStore {
  const blobOf = (document: DocumentRef) => container.getBlockBlobClient(nameOf(document));
  const write: DocumentStore['write'] = async (document, value, mode) => {
    const options = mode === 'once' ? { onlyIf: 'absent' as const } : {};
    const written = await writeText(container, nameOf(document), { text: JSON.stringify(value), options });
    return written.kind === 'written' ? 'written' : 'exists';
  };
  const read: DocumentStore['read'] = (document, schema) => readJson(container, nameOf(document), schema);
  return {
    write,
    read,
    ...namedDocuments({ write, read }),
    async save(document, source, contentType) {
      const blob = blobOf(document);
      const metadata = ({ sha256 }: ContentFacts) => ({ sha256 });
      const uploaded = await uploadOnce(blob, source, {
        blockBytes: BLOCK_BYTES,
        contentType: () => contentType,
        metadata,
      });
      if (uploaded.kind === 'written') {
        return { name: document.name, bytes: uploaded.bytes, sha256: uploaded.sha256 };
      }
      const stored = await stat(blob);
      if (!stored) throw new UnreadableBlob(blob.name);
      return storedDocument(document.requestId, { name: blob.name, ...stored });
    },
    async look(document) {
      const stored = await stat(blobOf(document));
      return stored && { bytes: stored.bytes, etag: stored.etag, contentType: stored.contentType };
    },
    open: (document, range) => openBlob(blobOf(document), range),
    async listVolumes(requestId, edition) {
      const volumes: StoredDocument[] = [];
      let marker: string | undefined;
      do {
        const page = await listPage(container, `${requestFolder(requestId)}/package-`, { limit: 5000, marker });
        volumes.push(...page.blobs.map((blob) => storedDocument(requestId, blob)));
        marker = page.marker;
      } while (marker);
      return volumes
        .filter(({ name }) => editionOfFile(name) === edition)
        .toSorted((a, b) => volumeNumber(a) - volumeNumber(b));
    },
  };
}

type NamedDocuments = Pick<DocumentStore, 'readPlan' | 'writePlan' | 'readTasks' | 'writeTasks'>;

function namedDocuments({ write, read }: Pick<DocumentStore, 'write' | 'read'>): NamedDocuments {
  return {
    readPlan: (requestId) => read({ requestId, name: 'plan.json' }, planSchema),
    writePlan: async (requestId, plan) => void (await write({ requestId, name: 'plan.json' }, plan, 'replace')),
    readTasks: (requestId, revision) => read({ requestId, name: `tasks-${revision}.json` }, taskListSchema),
    writeTasks: async (requestId, tasks) =>
      void (await write({ requestId, name: `tasks-${tasks.revision}.json` }, tasks, 'once')),
  };
}

const nameOf = ({ requestId, name }: DocumentRef): string => `${requestFolder(requestId)}/${name}`;
const volumeNumber = ({ name }: StoredDocument): number => Number(/(\d+)\.zip$/.exec(name)?.[1]);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

function storedDocument(
  requestId: RequestId,
  blob: { name: string; bytes: number; metadata: Readonly<Record<string, string>> },
): StoredDocument {
  const sha256 = sha256Schema.safeParse(blob.metadata.sha256);
  if (!sha256.success) throw new UnreadableBlob(blob.name);
  return { name: blob.name.slice(requestFolder(requestId).length + 1), bytes: blob.bytes, sha256: sha256.data };
}
