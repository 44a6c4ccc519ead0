import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { RequestId } from '../domain/ids.ts';
import { extendJournal } from '../domain/journal.ts';
import { type RequestRecord, recordSchema } from '../domain/request.ts';
import { withChange } from '../plan/changes.ts';
import { parseStored, readTags, readText, writeText } from './blobs.ts';
import { untilSettled } from './contention.ts';
import { openBlob } from './download.ts';
import { appendPending, mendJournal } from './journal.ts';
import { journalName, recordName } from './names.ts';
import { listRecords, type RecordPage, type RecordQuery, sortableMinute } from './record-list.ts';
import type { Storage } from './storage.ts';

export interface RecordChange {
  /** The new record; its `journal` is ignored: the store extends it. */
  readonly record: RequestRecord;
  readonly entry: { at: string; actor: string; event: string; reason: string };
}

export type ChangeResult =
  | { kind: 'changed'; record: RequestRecord }
  | { kind: 'unchanged'; record: RequestRecord }
  | { kind: 'missing' };

export type Mended = 'intact' | 'mended' | 'missing';

export interface RecordStore {
  /** Writes a new record, then the pending line of its journal. `exists`: there is one of this id, which is left alone. */
  create(record: RequestRecord): Promise<'created' | 'exists'>;
  read(requestId: RequestId): Promise<RequestRecord | undefined>;
  /**
   * Compare-and-set: `change` is pure, may run several times, and returns undefined to leave the record alone.
   * @throws TooMuchContention when others were faster twenty times.
   */
  change(requestId: RequestId, change: (record: RequestRecord) => RecordChange | undefined): Promise<ChangeResult>;
  /** The journal up to the record's last line. */
  journal(requestId: RequestId): Promise<{ bytes: number; stream: NodeJS.ReadableStream } | undefined>;
  /** Writes the record's tags and the journal's last line again where they are missing or wrong. Changes nothing else, and in a dry run nothing at all. */
  mend(requestId: RequestId, how?: { dryRun: boolean }): Promise<Mended>;
  /** By blob index tags, which lag behind: read the record before acting on what this says. */
  list(query: RecordQuery): Promise<RecordPage>;
}

interface StoredRecord {
  readonly record: RequestRecord;
  readonly etag: string;
  readonly writer: string | undefined;
}

/** Called before a change of state or a notice is written that others are to be told of. It may then turn out not to have been written. */
export type Announce = (record: RequestRecord) => Promise<void>;

/** Request records on blobs. Record and journal cannot part: the record carries the line, whoever comes next appends it. */
export function recordStore(storage: Storage, announce: Announce = async () => undefined): RecordStore {
  return {
    async create(record) {
      const written = await write(storage, record, 'absent');
      if (written === 'exists') return 'exists';
      await appendPending(storage, record.requestId, record.journal);
      return 'created';
    },
    read: async (requestId) => (await load(storage, requestId))?.record,
    change: (requestId, change) =>
      untilSettled(recordName(requestId), () => tryChange({ storage, announce }, requestId, change)),
    async journal(requestId) {
      const stored = await load(storage, requestId);
      if (!stored) return undefined;
      await mendJournal(storage, requestId, stored.record.journal);
      const opened = await openBlob(storage.container.getBlobClient(journalName(requestId)));
      return opened && { bytes: opened.bytes, stream: Readable.from(opened.chunks, { objectMode: false }) };
    },
    mend: (requestId, how) => untilSettled(recordName(requestId), () => tryMend(storage, requestId, how?.dryRun)),
    list: (query) => listRecords(storage, query),
  };
}

async function tryChange(
  { storage, announce }: { readonly storage: Storage; readonly announce: Announce },
  requestId: RequestId,
  change: (record: RequestRecord) => RecordChange | undefined,
): Promise<ChangeResult | undefined> {
  const stored = await load(storage, requestId);
  if (!stored) return { kind: 'missing' };
  await mendJournal(storage, requestId, stored.record.journal);
  const proposed = change(stored.record);
  if (!proposed) return { kind: 'unchanged', record: stored.record };
  const { state, run } = proposed.record;
  const journal = extendJournal(stored.record.journal, { ...proposed.entry, state, run: run.n });
  const line = { ...proposed.entry, seq: journal.seq };
  const record = recordSchema.parse({ ...withChange(stored.record, proposed.record, line), journal });
  if (record.changes?.at(-1)?.seq === journal.seq) await announce(record);
  if ((await write(storage, record, { etag: stored.etag })) !== 'written') return undefined;
  await appendPending(storage, requestId, journal);
  return { kind: 'changed', record };
}

async function tryMend(storage: Storage, requestId: RequestId, dryRun = false): Promise<Mended | undefined> {
  const stored = await load(storage, requestId);
  if (!stored) return 'missing';
  if (!dryRun) await mendJournal(storage, requestId, stored.record.journal);
  const tags = await readTags(storage.container, recordName(requestId));
  if (isDeepStrictEqual({ ...tags }, recordTags(stored.record))) return 'intact';
  if (dryRun) return 'mended';
  return (await write(storage, stored.record, { etag: stored.etag })) === 'written' ? 'mended' : undefined;
}

async function load(storage: Storage, requestId: RequestId): Promise<StoredRecord | undefined> {
  const name = recordName(requestId);
  const stored = await readText(storage.container, name);
  if (!stored) return undefined;
  return { record: parseStored(name, stored.text, recordSchema), etag: stored.etag, writer: stored.metadata.writer };
}

/** Always with all tags: an overwrite without them would erase them. */
async function write(
  storage: Storage,
  record: RequestRecord,
  onlyIf: 'absent' | { etag: string },
): Promise<'written' | 'exists' | 'changed' | 'missing'> {
  const writer = randomUUID();
  const { kind } = await writeText(storage.container, recordName(record.requestId), {
    text: JSON.stringify(record),
    options: { onlyIf, metadata: { writer }, tags: recordTags(record) },
  });
  if (kind === 'written') return kind;
  // The answer to a try that succeeded may have been lost, and the client's own retry refused: then the winner is this very write.
  const stored = await load(storage, record.requestId);
  return stored?.writer === writer ? 'written' : kind;
}

const sortable = (moment: string): string => sortableMinute(new Date(moment));

/**
 * `due`: what comes first, decision or deadline; `ended`: when it ended; as sortable text to the minute (UTC). `results`, `subject`: whether those are
 * still kept.
 */
function recordTags(record: RequestRecord): Record<string, string> {
  return {
    state: record.state,
    action: record.submission.action,
    due: sortable(record.decisionDeadline ?? record.deadline),
    client: record.client,
    ...(record.endedAt !== undefined && { ended: sortable(record.endedAt) }),
    results: record.results?.removedAt === undefined ? 'kept' : 'removed',
    subject: record.forgotten === undefined ? 'kept' : 'removed',
  };
}
