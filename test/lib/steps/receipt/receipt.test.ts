import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { childSliceId, mintTaskId, rootSliceId, sliceIdSchema } from '../../../../src/lib/domain/ids.ts';
import type { ItemLine, ResultLine } from '../../../../src/lib/domain/ledger.ts';
import { OTHER_GROUNDS, receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { keyHmac } from '../../../../src/lib/domain/submission-digest.ts';
import { makeReceipt } from '../../../../src/lib/steps/receipt/receipt.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { readDocument, sealAll } from '../support/package-world.ts';
import { NOW, receiptDependencies, writeItems, writeResult, writeRevision } from '../support/receipt-world.ts';

const azurite = useAzurite();
const HASH = 'a'.repeat(64);

const approved = { decision: 'approve', planHash: HASH, actor: 'officer', at: '2026-01-05T12:00:00.000Z' } as const;

function deletion(change: Partial<RequestRecord> = {}): RequestRecord {
  const record = newRecord();
  return {
    ...record,
    submission: {
      ...record.submission,
      action: 'delete',
      subject: { reference: 'case-77', email: 'jane.doe@example.com' },
      note: 'Jane Doe called',
    },
    state: 'sealing',
    stateSince: '2026-01-06T10:00:00.000Z',
    plan: { revision: 1, hash: HASH },
    decision: approved,
    touchedUpstream: true,
    outcome: { event: 'complete-partially', reason: '2 items were refused.' },
    ...change,
  };
}

/** How a receipt says where a line of the first result of a phase stands. */
const at = (phase: string, line: number): string => `${childSliceId(phase, rootSliceId(phase), 0)}:${line}`;

const erased = (key: string, change: Partial<ItemLine> = {}): ItemLine => ({
  line: 'item',
  key,
  outcome: 'erased',
  cause: 'observed',
  proof: 'item-404',
  ...change,
});
const refused = (key: string, reason: string): ItemLine => ({ line: 'item', key, outcome: 'refused', reason });

describe('the receipt of a deletion', () => {
  it('tells what was found, what became of it, how that was proved, and what was kept or refused and why', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = deletion();
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-images', 'cv-exported-models']);
    await writeItems(deps, { requestId, revision: 1, task: 0 }, [
      erased('i1', { proof: 'absent-from-list' }),
      erased('i2', { proof: 'absent-from-list', cause: 'unobserved' }),
      erased('i7', { proof: 'absent-from-list', cause: 'in-batch' }),
      { line: 'item', key: 'i3', outcome: 'absent', reason: 'It was gone at the first attempt.', proof: 'item-404' },
      refused('i4', 'Upstream said no.'),
      refused('i5', 'Upstream said no.'),
      refused('i6', 'Upstream said never.'),
    ]);
    await writeItems(deps, { requestId, revision: 1, task: 1 }, [
      { line: 'item', key: 'm1', outcome: 'kept', reason: 'By hand only.' },
    ]);
    const receipt = await makeReceipt(deps, record);
    expect(receiptSchema.parse(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
    const [images, models] = receipt.revisions[0]?.tasks ?? [];
    expect(images).toMatchObject({
      counts: { found: 7, erased: 3, absent: 1, refused: 3 },
      proofs: { 'absent-from-list': 3, 'item-404': 1 },
      unobserved: 1,
      inBatch: 1,
      grounds: {
        kept: [],
        refused: [
          { ground: 'Upstream said no.', items: 2, lines: [at('prove', 6), at('prove', 7)] },
          { ground: 'Upstream said never.', items: 1, lines: [at('prove', 8)] },
        ],
        absent: [{ ground: 'It was gone at the first attempt.', items: 1, lines: [at('prove', 5)] }],
      },
    });
    expect(models).toMatchObject({
      way: 'hand',
      grounds: { kept: [{ ground: 'By hand only.', items: 1, lines: [at('prove', 2)] }] },
    });
    expect(receipt).toMatchObject({ faults: [], totals: { found: 8, erased: 3, absent: 1, kept: 1, refused: 3 } });
    expect(receipt.byHand.map(({ what }) => what)).toEqual(['Exported Models']);
  });

  it('names nothing upstream: it says where in the ledger an item stands, and what was named explicitly by a keyed digest', async () => {
    const deps = receiptDependencies(azurite.storage);
    const key = 'cv-images/the%20project%20of%20jane/jane.png';
    const record = deletion({ include: [key], salt: 'c2FsdA' });
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-images']);
    await writeItems(deps, { requestId, revision: 1, task: 0 }, [refused('jane-1', 'No.'), refused(key, 'No.')]);
    const gap = { line: 'gap', place: 'cv-images: jane', reason: 'It was refused.' } as const;
    await writeResult(deps, { requestId, revision: 1, task: 0, phase: 'recheck' }, [gap]);
    const receipt = await makeReceipt(deps, record);
    expect(JSON.stringify(receipt)).not.toMatch(/jane/i);
    const task = receipt.revisions[0]?.tasks[0];
    expect(task?.grounds.gaps).toMatchObject([{ items: 1 }]);
    const [name = '', line] = (task?.grounds.refused?.[0]?.lines[1] ?? '').split(':');
    const ref = { requestId, taskId: mintTaskId(1, 0), sliceId: sliceIdSchema.parse(name) };
    const lines: ResultLine[] = [];
    for await (const one of deps.slices.lines(ref)) lines.push(one);
    // The first line of the file is its header.
    expect(lines[Number(line) - 2]).toMatchObject({ key });
    expect(receipt.include).toEqual([{ hmacSha256: keyHmac(record, key) }]);
    expect(keyHmac({ ...record, salt: 'b3RoZXI' }, key)).not.toBe(keyHmac(record, key));
  });

  it('says what was asked, who decided on which plan, that it is unsigned, and nothing of the person', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = deletion({
      cancel: { at: '2026-01-06T09:00:00.000Z', actor: 'portal', reason: 'Jane Doe withdrew' },
    });
    const receipt = await makeReceipt(deps, record);
    expect(receipt).toMatchObject({
      requestId: record.requestId,
      madeAt: NOW.toISOString(),
      services: [{ target: 'vision', versions: [] }],
      signature: null,
      note: expect.stringContaining('not signed'),
      asked: {
        action: 'delete',
        targets: ['vision'],
        families: 'all',
        scope: 'target',
        dryRun: false,
        submittedBy: 'portal',
      },
      decision: approved,
      cancelled: { at: '2026-01-06T09:00:00.000Z', actor: 'portal' },
      outcome: record.outcome,
      times: { decidedAt: approved.at, sealingSince: record.stateSince },
      journal: { seq: 1, hash: record.journal.hash },
    });
    expect(receipt.manifest).toBeUndefined();
    expect(JSON.stringify(receipt)).not.toMatch(/jane|case-77/i);
  });

  it('says so when an item that was found has no final line', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = deletion();
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-tags']);
    const found = ['t1', 't2'].map((key) => ({ line: 'found' as const, key, parameters: {} }));
    await writeResult(deps, { requestId, revision: 1, task: 0, phase: 'inventory' }, found);
    await writeResult(deps, { requestId, revision: 1, task: 0, phase: 'prove' }, [erased('t1')]);
    expect((await makeReceipt(deps, record)).faults).toEqual([
      'Task 1-00 (cv-tags on vision): 2 items were found, 1 have a final line in the ledger.',
    ]);
  });

  it('tells of every revision of the plan, and sums up only what was carried out', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = deletion({ plan: { revision: 2, hash: 'b'.repeat(64) } });
    const { requestId } = record;
    for (const revision of [1, 2]) await writeRevision(deps, { requestId, revision }, ['cv-tags']);
    await writeItems(deps, { requestId, revision: 1, task: 0 }, [erased('t1'), erased('t2')]);
    const found = [{ line: 'found' as const, key: 't3', parameters: {} }];
    await writeResult(deps, { requestId, revision: 2, task: 0, phase: 'inventory' }, found);
    const receipt = await makeReceipt(deps, record);
    expect(
      receipt.revisions.map(({ revision, carriedOut, tasks }) => [revision, carriedOut, tasks[0]?.counts.found]),
    ).toEqual([
      [1, true, 2],
      [2, false, 1],
    ]);
    expect(receipt).toMatchObject({ totals: { found: 2, erased: 2 }, faults: [] });
  });

  it('finds no fault in a dry run, which settles nothing', async () => {
    const deps = receiptDependencies(azurite.storage);
    const { decision: _, ...undecided } = deletion({ touchedUpstream: false });
    const record = { ...undecided, submission: { ...undecided.submission, dryRun: true } };
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-tags']);
    const found = [{ line: 'found' as const, key: 't1', parameters: {} }];
    await writeResult(deps, { requestId, revision: 1, task: 0, phase: 'inventory' }, found);
    expect(await makeReceipt(deps, record)).toMatchObject({ faults: [], totals: { found: 0 }, touchedUpstream: false });
  });

  it('stays of a bounded size: a sample of lines, and the rarer grounds summed up', async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = deletion();
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-images']);
    const many = Array.from({ length: 30 }, (_, index) => refused(`same-${index}`, 'The same for all.'));
    const different = Array.from({ length: 300 }, (_, index) => refused(`other-${index}`, `Reason ${index}.`));
    await writeItems(deps, { requestId, revision: 1, task: 0 }, [...many, ...different]);
    const grounds = (await makeReceipt(deps, record)).revisions[0]?.tasks[0]?.grounds.refused ?? [];
    expect(grounds).toHaveLength(201);
    expect(grounds[0]).toMatchObject({ ground: OTHER_GROUNDS, items: 101 });
    expect(grounds[1]).toMatchObject({ ground: 'The same for all.', items: 30 });
    expect(grounds.map(({ lines }) => lines.length).filter((length) => length > 20)).toEqual([]);
    expect(grounds.reduce((sum, { items }) => sum + items, 0)).toBe(330);
  });
});

describe('the receipt of an export', () => {
  it("carries the manifest's size and digest, and what could not be read", async () => {
    const deps = receiptDependencies(azurite.storage);
    const record = newRecord({ state: 'sealing' });
    const { requestId } = record;
    await writeRevision(deps, { requestId, revision: 1 }, ['cv-tags']);
    await writeResult(deps, { requestId, revision: 1, task: 0, phase: 'export' }, [
      { line: 'found', key: 't1', parameters: {} },
      { line: 'item', key: 't1', outcome: 'saved' },
      { line: 'gap', place: 'cv-tags: GetTags', reason: 'It was refused.' },
    ]);
    await sealAll(deps, record);
    const manifest = await readDocument(deps, requestId, 'manifest.json');
    const receipt = await makeReceipt(deps, record);
    expect(receipt.manifest).toEqual({
      bytes: manifest.length,
      sha256: createHash('sha256').update(manifest).digest('hex'),
    });
    expect(receipt.byHand).toEqual([]);
    expect(receipt.totals).toMatchObject({ found: 1, saved: 1, gaps: 1 });
    const gaps = receipt.revisions[0]?.tasks[0]?.grounds.gaps;
    expect(gaps).toEqual([{ ground: 'It was refused.', items: 1, lines: [at('export', 4)] }]);
  });
});
