import type { RequestId } from '../../domain/ids.ts';
import type { JournalStatement } from '../../domain/journal-head.ts';
import type { Dependencies } from '../dependencies.ts';

export type SignedHead =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-signed' }
  | { readonly kind: 'signed'; readonly signed: string };

/** Signs how far the journal of a request goes now: a receipt can't vouch for the lines that come after it. */
export async function signJournalHead(
  deps: Pick<Dependencies, 'clock' | 'records' | 'signer'>,
  requestId: RequestId,
): Promise<SignedHead> {
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  if (!deps.signer) return { kind: 'not-signed' };
  const { seq, hash } = record.journal;
  const statement: JournalStatement = {
    v: 1,
    requestId,
    at: deps.clock.now().toISOString(),
    journal: { seq, hash },
  };
  const signed = await deps.signer.sign(Buffer.from(JSON.stringify(statement)), 'dsr-journal-head');
  return { kind: 'signed', signed };
}
