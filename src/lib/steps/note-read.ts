import { type Actor, callerOf } from '../domain/actor.ts';
import { tellRead } from '../domain/reads.ts';
import type { RecordChange, RequestRecord } from '../domain/request.ts';
import { note } from '../plan/moves.ts';
import type { Dependencies } from './dependencies.ts';

/** What was handed out. `file`: a name of ours, never one that a client or upstream chose. */
export interface Read {
  readonly actor: Actor;
  readonly event: 'plan-viewed' | 'package-listed' | 'package-downloaded' | 'receipt-downloaded';
  readonly file: string;
}

/**
 * Writes down in the journal that something is about to be handed out; one line a caller and file in ten minutes. Before, not after:
 * what couldn't be written down isn't handed out.
 * @throws TooMuchContention, StorageFailure.
 */
export async function noteRead(
  deps: Pick<Dependencies, 'clock' | 'records'>,
  seen: RequestRecord,
  read: Read,
): Promise<void> {
  const now = deps.clock.now();
  // The record is at hand: most reads have been told, and cost nothing more.
  if (!told(seen, read, now)) return;
  await deps.records.change(seen.requestId, (record) => told(record, read, now));
}

function told(record: RequestRecord, { actor, event, file }: Read, now: Date): RecordChange | undefined {
  const from = { reads: record.lastReads, seq: record.journal.seq };
  const more = tellRead(from, { caller: callerOf(actor), what: `${event} ${file}`, now });
  if (!more) return undefined;
  const reason = more.told.startsWith(event) ? file : `${file} ${more.told}`;
  return note(record, event, { at: now, actor: actor.name, reason, patch: { lastReads: more.reads } });
}
