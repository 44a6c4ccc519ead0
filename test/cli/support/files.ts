import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type ReceiptKeys, receiptKeys, signingKeyFrom } from '../../../src/lib/app/receipt-keys.ts';
import type { Signer } from '../../../src/lib/domain/signer.ts';
import { note } from '../../../src/lib/plan/moves.ts';
import { signJournalHead } from '../../../src/lib/steps/receipt/journal-head.ts';
import { sealReceipt } from '../../../src/lib/steps/receipt/seal-receipt.ts';
import type { DocumentName } from '../../../src/lib/store/documents.ts';
import type { Storage } from '../../../src/lib/store/storage.ts';
import { sealAll, writeSlice, writeTasks } from '../../lib/steps/support/package-world.ts';
import { NOW, receiptDependencies } from '../../lib/steps/support/receipt-world.ts';
import { newRecord } from '../../lib/store/support/records.ts';

export const FILES = [
  'receipt.json',
  'receipt.jws',
  'manifest.json',
  'package-001.zip',
  'journal.ndjson',
  'journal.jws',
  'jwks.json',
] as const;
export type FileName = (typeof FILES)[number];
export type Files = Record<FileName, Buffer>;

export type KeyType = 'ed25519' | 'rsa';

/** A key as an operator makes it, and what is published of it. */
export async function makeKeys(type: KeyType = 'ed25519'): Promise<ReceiptKeys & { signer: Signer }> {
  const { privateKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync(type);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { signer, published } = await receiptKeys({ signing: signingKeyFrom(pem), retired: [] });
  if (!signer) throw new Error('A key was given.');
  return { signer, published };
}

/** An export that was really sealed: everything that a portal can download of it, and the keys it is verified with. */
export async function sealedFiles(storage: Storage, keys: ReceiptKeys & { signer: Signer }): Promise<Files> {
  const deps = { ...receiptDependencies(storage), signer: keys.signer };
  const record = newRecord({
    state: 'sealing',
    salt: 'A'.repeat(43),
    outcome: { event: 'complete', reason: 'Everything was found.' },
  });
  const { requestId } = record;
  await deps.records.create(record);
  const line = (event: string) => (seen: typeof record) =>
    note(seen, event, { at: NOW, actor: 'system', reason: 'Über die Brücke' });
  for (const event of ['begin', 'finish']) await deps.records.change(requestId, line(event));
  await writeTasks(deps, requestId);
  const items = [1, 2].map((number) => ({ key: `k${number}`, document: { number }, bytes: Buffer.alloc(50, number) }));
  await writeSlice(deps, { requestId, task: 0, slice: 0 }, items);
  await sealAll(deps, record);
  const current = await deps.records.read(requestId);
  if (!current) throw new Error('The record was written.');
  await sealReceipt(deps, current);
  for (const event of ['complete', 'receipt-downloaded']) await deps.records.change(requestId, line(event));
  const open = async (name: DocumentName) => {
    const opened = await deps.documents.open({ requestId, name });
    if (!opened) throw new Error(`${name} was not written.`);
    return buffer(opened.chunks);
  };
  const head = await signJournalHead(deps, requestId);
  const journal = await deps.records.journal(requestId);
  if (!journal) throw new Error('The journal was written.');
  return {
    'receipt.json': await open('receipt.json'),
    'receipt.jws': await open('receipt.jws'),
    'manifest.json': await open('manifest.json'),
    'package-001.zip': await open('package-001.zip'),
    'journal.ndjson': await buffer(journal.stream),
    'journal.jws': Buffer.from(head.kind === 'signed' ? head.signed : ''),
    'jwks.json': Buffer.from(JSON.stringify(keys.published)),
  };
}

/** Files in a folder that is gone after use. */
export async function inFolder(files: Partial<Files> | Readonly<Record<string, Buffer>>) {
  const folder = await mkdtemp(join(tmpdir(), 'dsr-verify-'));
  const given = Object.entries(files).filter(([, content]) => content !== undefined);
  for (const [name, content] of given) await writeFile(join(folder, name), content);
  return {
    folder,
    paths: given.map(([name]) => join(folder, name)),
    write: (name: FileName, content: string | Buffer) => writeFile(join(folder, name), content),
    read: (name: FileName) => readFile(join(folder, name)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
