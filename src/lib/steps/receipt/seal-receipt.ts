import { buffer } from 'node:stream/consumers';
import { editionOf, receiptName } from '../../domain/edition.ts';
import { type Receipt, receiptSchema } from '../../domain/receipt.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { makeReceipt } from './receipt.ts';

/**
 * Makes, signs and stores the receipt, once: what is stored already is the answer, whoever wrote it. The signed text comes first and
 * `receipt.json` is its very bytes, so both are of one attempt. @throws UnreadableBlob.
 */
export async function sealReceipt(deps: Dependencies, record: RequestRecord): Promise<Receipt> {
  const { requestId } = record;
  const document = { requestId, name: receiptName(editionOf(record), 'json') };
  const known = await deps.documents.read(document, receiptSchema);
  if (known) return known;
  const receipt = await makeReceipt(deps, record);
  const text = Buffer.from(`${JSON.stringify(receipt, null, 2)}\n`);
  const bytes = deps.signer ? await signedBytes(deps, record, await deps.signer.sign(text, 'dsr-receipt')) : text;
  await deps.documents.save(document, [bytes], 'application/json; charset=utf-8');
  return (await deps.documents.read(document, receiptSchema)) ?? receipt;
}

/** Stores a signed receipt and gives back the bytes that the stored one, perhaps an earlier attempt's, is about. */
async function signedBytes(deps: Dependencies, record: RequestRecord, signed: string): Promise<Buffer> {
  const document = { requestId: record.requestId, name: receiptName(editionOf(record), 'jws') };
  await deps.documents.save(document, [Buffer.from(signed)], 'application/jose');
  const opened = await deps.documents.open(document);
  const stored = opened ? (await buffer(opened.chunks)).toString('ascii') : signed;
  return Buffer.from(stored.split('.')[1] ?? '', 'base64url');
}
