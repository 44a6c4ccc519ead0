import { type Actor, callerOf } from '../domain/actor.ts';
import { type Telling, tellRead } from '../domain/reads.ts';
import type { RequestRecord } from '../domain/request.ts';
import { note } from '../plan/moves.ts';
import type { Dependencies } from './dependencies.ts';

/** What was handed out. `file`: a name of ours, never one that a client or upstream chose. */
export interface Read {
  readonly actor: Actor;
  readonly event: 'plan-viewed' | 'package-listed' | 'package-downloaded' | 'receipt-downloaded';
  readonly file: string;
  /** A line each time: a download begins. */
  readonly each?: boolean;
  /** Tells links apart by which the same file is handed out. */
  readonly link?: string;
}

/** `full`: the journal has no room for it. A package may then not be handed out; a plan or receipt, without which nobody can act or account, may. */
export type Noted = 'noted' | 'full';

/**
 * Writes down in the journal that something is about to be handed out: each download that begins, anything else once a caller and file in
 * ten minutes. Before, not after: a package that couldn't be written down isn't handed out.
 * @throws TooMuchContention, StorageFailure.
 */
export async function noteRead(
  deps: Pick<Dependencies, 'clock' | 'records'>,
  seen: RequestRecord,
  read: Read,
): Promise<Noted> {
  const now = deps.clock.now();
  // The record is at hand: most reads have been told, and cost nothing more.
  let telling = tellingOf(seen, read, now);
  if (typeof telling !== 'string') {
    await deps.records.change(seen.requestId, (record) => {
      telling = tellingOf(record, read, now);
      if (typeof telling === 'string') return undefined;
      const { event, actor, file } = read;
      return note(record, event, { at: now, actor: actor.name, reason: file, patch: { lastReads: telling.reads } });
    });
  }
  return telling === 'full' ? 'full' : 'noted';
}

function tellingOf(record: RequestRecord, { actor, event, file, each = false, link }: Read, now: Date): Telling {
  const from = { reads: record.lastReads, seq: record.journal.seq };
  return tellRead(from, { caller: callerOf(actor), what: [event, file, link ?? []].flat().join(' '), now, each });
}
