import { BlobServiceClient } from '@azure/storage-blob';
import { expect } from 'vitest';
import { EMPTY_JOURNAL, extendJournal, type JournalHead, journalLineSchema } from '../../src/lib/domain/journal.ts';
import { recordSchema } from '../../src/lib/domain/request.ts';
import type { Answer, Passing } from '../../test/end-to-end/support/proxy.ts';
import type { Place, PutOn } from '../fault.ts';
import type { FaultLane } from '../lane/fault-lane.ts';

/** Lines that a journal has when no package is handed out any more. */
const FULL = 40_000;
/** The request begins with fewer: the round reads its plan and its package. */
const LINES = FULL - 200;
/** Blocks that an append blob takes (Azure Storage's limit); one a line. */
const MOST_BLOCKS = 50_000;
/** Bytes that an append takes at most are four million and some. */
const PIECE_BYTES = 4_000_000;

const FIRST_LINE = /^\/devstoreaccount1\/dsr\/requests\/([0-9a-f-]{36})\/journal\.ndjson\?.*comp=appendblock/;

/** The request begins its life with a journal as long as reads can make one; past the limit, appends are refused as storage does it. */
export const longJournal =
  (refusal: Answer) =>
  ({ lane }: Place): PutOn => {
    let id: string | undefined;
    let lines = 0;
    lane.passage.put({
      before: (passing) => {
        if (id === undefined || !passing.url.includes(id) || !FIRST_LINE.test(passing.url)) return 'pass';
        lines += 1;
        return lines > MOST_BLOCKS ? refusal : 'pass';
      },
      after: async (passing): Promise<'pass'> => {
        const first = firstLineOf(passing);
        if (id !== undefined || first === undefined) return 'pass';
        id = first;
        await fill(lane, first, LINES);
        lines = LINES;
        return 'pass';
      },
    });
    const atLast = async (requestId: string): Promise<void> => {
      await fill(lane, requestId, FULL);
      const before = await lineCount(lane, requestId);
      const receipt = await lane.stage.portal.call('GET', `/requests/${requestId}/receipt`);
      expect(receipt.status, 'of a receipt that can not be written down').toBe(200);
      const listed = await lane.stage.portal.call('GET', `/requests/${requestId}/package`);
      // An erasure has no package to refuse.
      if (listed.status !== 404) {
        expect(listed, 'of a package that can not be written down').toMatchObject({
          status: 409,
          json: { type: '/problems/journal-full' },
        });
      }
      expect(await lineCount(lane, requestId), 'lines after these reads').toBe(before);
    };
    return { struck: () => (lines > LINES ? 1 : 0), atLast };
  };

const firstLineOf = ({ method, url }: Passing): string | undefined =>
  method === 'PUT' ? FIRST_LINE.exec(url)?.[1] : undefined;

const containerOf = ({ stage }: FaultLane) =>
  BlobServiceClient.fromConnectionString(stage.azurite.connectionString).getContainerClient('dsr');

async function lineCount(lane: FaultLane, id: string): Promise<number> {
  const journal = containerOf(lane).getBlobClient(`requests/${id}/journal.ndjson`);
  return (await journal.downloadToBuffer()).toString('utf8').split('\n').length - 1;
}

/** Puts the chain that reads would have made behind the last line, and its head into the record, tags and all; of no read it is known that it was lately. */
async function fill(lane: FaultLane, id: string, lines: number): Promise<void> {
  const container = containerOf(lane);
  const blob = container.getBlockBlobClient(`requests/${id}/record.json`);
  const record = recordSchema.parse(JSON.parse((await blob.downloadToBuffer()).toString('utf8')));
  const { metadata = {} } = await blob.getProperties();
  const { tags } = await blob.getTags();
  const { head, text } = chain(record.journal, lines);
  const journal = container.getAppendBlobClient(`requests/${id}/journal.ndjson`);
  for (let at = 0; at < text.length; at += PIECE_BYTES) {
    const piece = text.subarray(at, at + PIECE_BYTES);
    await journal.appendBlock(piece, piece.length);
  }
  const body = JSON.stringify({ ...record, lastReads: {}, journal: head });
  await blob.upload(body, Buffer.byteLength(body), { metadata, tags });
}

/** The head after so many lines, and the lines that follow the one it begins with. */
function chain(first: JournalHead, count: number): { head: JournalHead; text: Buffer } {
  const { seq: _, previous: __, ...line } = journalLineSchema.parse(JSON.parse(first.pendingLine));
  const entry = { ...line, actor: 'portal', event: 'receipt-downloaded', reason: 'receipt.json' };
  const lines: string[] = [];
  let head = first.seq > 0 ? first : EMPTY_JOURNAL;
  while (head.seq < count) {
    head = extendJournal(head, entry);
    lines.push(head.pendingLine);
  }
  return { head, text: Buffer.from(lines.join('')) };
}
