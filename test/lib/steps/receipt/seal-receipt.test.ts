import { createHash, generateKeyPairSync } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { receiptKeys, signingKeyFrom } from '../../../../src/lib/app/receipt-keys.ts';
import { childSliceId, mintTaskId, rootSliceId } from '../../../../src/lib/domain/ids.ts';
import { receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { sealReceipt } from '../../../../src/lib/steps/receipt/seal-receipt.ts';
import { advanceSealing } from '../../../../src/lib/steps/runs/advance-sealing.ts';
import type { DocumentName } from '../../../../src/lib/store/documents.ts';
import { doneName } from '../../../../src/lib/store/names.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { writeSlice, writeTasks } from '../support/package-world.ts';
import { receiptDependencies, writeResult, writeRevision } from '../support/receipt-world.ts';

const azurite = useAzurite();
const HASH = 'a'.repeat(64);

async function makeKeys() {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { signer, published } = await receiptKeys({ signing: signingKeyFrom(pem), retired: [] });
  const [key] = published.keys;
  if (!signer || !key) throw new Error('A key was given.');
  return { signer, key };
}

/** A deletion that is to be sealed: two results of one task. */
async function sealing(
  deps: Dependencies,
  ended: readonly string[] = ['t1', 't2'],
  listed: readonly string[] = ['t1', 't2'],
): Promise<RequestRecord> {
  const record = newRecord({
    submission: { ...newRecord().submission, action: 'delete' },
    state: 'sealing',
    salt: 'A'.repeat(43),
    plan: { revision: 1, hash: HASH },
    decision: { decision: 'approve', planHash: HASH, actor: 'officer', at: '2026-01-05T12:00:00.000Z' },
    outcome: { event: 'complete', reason: 'Nothing was refused.' },
  });
  const { requestId } = record;
  await deps.records.create(record);
  await writeRevision(deps, { requestId, revision: 1 }, ['cv-tags']);
  const found = listed.map((key) => ({ line: 'found' as const, key, parameters: {} }));
  const ends = ended.map((key) => ({ line: 'item' as const, key, outcome: 'absent' as const, reason: 'It was gone.' }));
  const place = { requestId, revision: 1, task: 0 };
  await writeResult(deps, { ...place, phase: 'inventory' }, found);
  await writeResult(deps, { ...place, phase: 'prove' }, ends);
  return record;
}

async function stored(deps: Dependencies, record: RequestRecord, name: DocumentName): Promise<Buffer> {
  const opened = await deps.documents.open({ requestId: record.requestId, name });
  if (!opened) throw new Error(`${name} is not there.`);
  return buffer(opened.chunks);
}

/** Names of the task's results, and how each lies in storage. */
const resultsOf = ({ requestId }: RequestRecord) =>
  ['inventory', 'prove'].map((phase) => {
    const sliceId = childSliceId(phase, rootSliceId(phase), 0);
    return { sliceId, name: doneName({ requestId, taskId: mintTaskId(1, 0), sliceId }) };
  });

describe('A sealed receipt', () => {
  it('is signed over its very bytes, and names its key', async () => {
    const { signer, key } = await makeKeys();
    const deps = { ...receiptDependencies(azurite.storage), signer };
    const record = await sealing(deps);
    const receipt = await sealReceipt(deps, record);
    expect(receipt.signature).toEqual({ algorithm: 'EdDSA', keyId: key.kid });
    expect(receipt.plan).toEqual({ revision: 1, hash: HASH });
    expect(receipt.submission?.hmacSha256).toMatch(/^[0-9a-f]{64}$/);
    const json = await stored(deps, record, 'receipt.json');
    const signed = (await stored(deps, record, 'receipt.jws')).toString();
    const { payload } = await compactVerify(signed, await importJWK(key));
    expect(Buffer.from(payload).equals(json)).toBe(true);
    expect(receiptSchema.parse(JSON.parse(json.toString()))).toEqual(receipt);
  });

  it('stays the first that was signed, though the attempt ended there and the key was changed meanwhile', async () => {
    const [first, second] = [await makeKeys(), await makeKeys()];
    const plain = receiptDependencies(azurite.storage);
    const record = await sealing(plain);
    const cut: Dependencies = {
      ...plain,
      signer: first.signer,
      documents: {
        ...plain.documents,
        save: (document, ...rest) =>
          document.name === 'receipt.json'
            ? Promise.reject(new Error('killed'))
            : plain.documents.save(document, ...rest),
      },
    };
    await expect(sealReceipt(cut, record)).rejects.toThrow('killed');
    const receipt = await sealReceipt({ ...plain, signer: second.signer }, record);
    expect(receipt.signature?.keyId).toBe(first.key.kid);
    const signed = (await stored(plain, record, 'receipt.jws')).toString();
    expect(decodeProtectedHeader(signed).kid).toBe(first.key.kid);
    expect(await sealReceipt({ ...plain, signer: second.signer }, record)).toEqual(receipt);
  });

  it('without a key says that nobody signed it, and has no signed text', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps);
    expect(await sealReceipt(deps, record)).toMatchObject({
      signature: null,
      note: expect.stringContaining('not signed'),
    });
    expect(await deps.documents.look({ requestId: record.requestId, name: 'receipt.jws' })).toBeUndefined();
  });

  it('digests the ledger of a task as sha256sum lists its results', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps);
    const lines: string[] = [];
    let bytes = 0;
    for (const { sliceId, name } of resultsOf(record)) {
      const content = await azurite.storage.container.getBlobClient(name).downloadToBuffer();
      bytes += content.length;
      lines.push(`${createHash('sha256').update(content).digest('hex')}  ${sliceId}.ndjson\n`);
    }
    const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
    const receipt = await sealReceipt(deps, record);
    expect(receipt.revisions[0]?.tasks[0]?.ledger).toEqual({ results: 2, bytes, sha256, altered: 0, settled: true });
  });
});

describe('A ledger that was changed after it was written', () => {
  it.each([
    ['a line less', (content: string) => content.split('\n').toSpliced(1, 1).join('\n')],
    ['another outcome', (content: string) => content.replace('"absent","reason"', '"erased","reason"')],
    ['what is no ledger at all', () => 'hello'],
  ])('makes the request fail, and the receipt say so: %s', async (_, corrupt) => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps);
    const [, proofs] = resultsOf(record);
    const blob = azurite.storage.container.getBlockBlobClient(proofs?.name ?? '');
    const { metadata = {} } = await blob.getProperties();
    const changed = corrupt((await blob.downloadToBuffer()).toString());
    await blob.upload(changed, Buffer.byteLength(changed), { metadata });
    expect((await advanceSealing(deps, record, undefined)).kind).toBe('stop');
    const ended = await deps.records.read(record.requestId);
    const fault = 'Task 1-00 (cv-tags on vision): 1 of 2 results are not what was committed.';
    expect(ended).toMatchObject({
      state: 'failed',
      outcome: { event: 'fail', reason: expect.stringContaining(fault) },
    });
    const receipt = receiptSchema.parse(JSON.parse((await stored(deps, record, 'receipt.json')).toString()));
    expect(receipt).toMatchObject({ faults: [fault], outcome: ended?.outcome });
    expect(receipt.revisions[0]?.tasks[0]).toMatchObject({ ledger: { altered: 1 }, grounds: { absent: [] } });
  });

  it('is told from one that is whole, which lets the request end as it should', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps);
    await advanceSealing(deps, record, undefined);
    expect(await deps.records.read(record.requestId)).toMatchObject({ state: 'completed' });
    const journal = await deps.records.journal(record.requestId);
    if (!journal) throw new Error('There is a journal.');
    const lines = (await text(journal.stream)).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'complete', state: 'completed' });
  });

  it('fails too when one item has two ends and another none, though the sums agree', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps, ['t1', 't1']);
    await advanceSealing(deps, record, undefined);
    expect(await deps.records.read(record.requestId)).toMatchObject({
      state: 'failed',
      outcome: { reason: expect.stringContaining('not those of the items that were found, each once') },
    });
  });

  it('fails too when one item was found twice and has two ends', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps, ['t1', 't2', 't1'], ['t1', 't1', 't2']);
    await advanceSealing(deps, record, undefined);
    expect(await deps.records.read(record.requestId)).toMatchObject({
      state: 'failed',
      outcome: { reason: expect.stringContaining('not those of the items that were found, each once') },
    });
  });

  it.each([
    ['another', 'completed', 'p2'],
    ['the same one again', 'failed', 'p1'],
  ])('of an export in which everything was saved, and the second page had %s, is %s', async (_, state, second) => {
    const deps = receiptDependencies(azurite.storage);
    const record = newRecord({ state: 'sealing', outcome: { event: 'complete', reason: 'All was saved.' } });
    const { requestId } = record;
    await deps.records.create(record);
    await writeTasks(deps, requestId);
    await writeSlice(deps, { requestId, task: 0, slice: 0 }, [{ key: 'p1', document: { name: '"line":"item"' } }]);
    await writeSlice(deps, { requestId, task: 0, slice: 1 }, [{ key: second, document: { name: 'x' } }]);
    const receipt = await sealReceipt(deps, record);
    expect(receipt.outcome?.event).toBe(state === 'completed' ? 'complete' : 'fail');
    expect(receipt.revisions[0]?.tasks[0]?.ledger.settled).toBe(state === 'completed');
  });

  it('fails too when a deletion says that it saved an item', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps, ['t1']);
    const place = { requestId: record.requestId, revision: 1, task: 0, phase: 'prove', slice: 1 };
    await writeResult(deps, place, [{ line: 'item', key: 't2', outcome: 'saved' }]);
    const receipt = await sealReceipt(deps, record);
    expect(receipt.faults).toEqual([
      "Task 1-00 (cv-tags on vision): 1 items are saved, which a deletion can't end as.",
    ]);
  });

  it('fails too when a final line is missing, whatever was chosen before', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = await sealing(deps);
    const { requestId } = record;
    const [, proofs] = resultsOf(record);
    await azurite.storage.container.deleteBlob(proofs?.name ?? '');
    await advanceSealing(deps, { ...record, decision: record.decision }, undefined);
    expect(await deps.records.read(requestId)).toMatchObject({
      state: 'failed',
      outcome: { reason: expect.stringContaining('2 items were found, 0 have a final line') },
    });
  });
});
