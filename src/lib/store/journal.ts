import type { AppendBlobClient } from '@azure/storage-blob';
import type { RequestId } from '../domain/ids.ts';
import type { JournalHead } from '../domain/journal.ts';
import { stat } from './blobs.ts';
import { conditionally, deadline } from './conditions.ts';
import { UnreadableBlob } from './failure.ts';
import { journalName } from './names.ts';
import type { Storage } from './storage.ts';

const client = (storage: Storage, requestId: RequestId): AppendBlobClient =>
  storage.container.getAppendBlobClient(journalName(requestId));

/** Appends the head's pending line at its very position; if it stands there already, nothing happens. */
export async function appendPending(storage: Storage, requestId: RequestId, head: JournalHead): Promise<void> {
  const journal = client(storage, requestId);
  const line = Buffer.from(head.pendingLine);
  if (line.length === 0) return;
  const append = () =>
    conditionally('append to journal', journal.name, () =>
      journal.appendBlock(line, line.length, {
        abortSignal: deadline(),
        conditions: { appendPosition: head.position },
      }),
    );
  let answer = head.position === 0 ? 'missing' : await append();
  if (answer === 'missing') {
    await conditionally('create journal', journal.name, () =>
      journal.create({
        abortSignal: deadline(),
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
      }),
    );
    answer = await append();
  }
  if (typeof answer === 'string') await requireLine(journal, head);
}

/** Appends the head's pending line where it is missing: whoever wrote the record may have ended before. */
export async function mendJournal(storage: Storage, requestId: RequestId, head: JournalHead): Promise<void> {
  const facts = await stat(client(storage, requestId));
  if ((facts?.bytes ?? 0) < end(head)) await appendPending(storage, requestId, head);
}

const end = (head: JournalHead): number => head.position + Buffer.byteLength(head.pendingLine);

/** The position is taken: by the line itself, or the journal is shorter than the record says, which nobody can mend. */
async function requireLine(journal: AppendBlobClient, head: JournalHead): Promise<void> {
  const facts = await stat(journal);
  if (!facts || facts.bytes < end(head)) throw new UnreadableBlob(journal.name);
}
