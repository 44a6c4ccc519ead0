import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect } from 'vitest';
import { journalFaults } from '../../../src/lib/domain/journal.ts';
import {
  addCounts,
  countLine,
  type ItemLine,
  NO_COUNTS,
  type ResultLine,
  resultLineSchema,
} from '../../../src/lib/domain/ledger.ts';
import { taskListSchema } from '../../../src/lib/domain/plan.ts';
import { type Receipt, receiptSchema } from '../../../src/lib/domain/receipt.ts';
import { sliceHeaderSchema } from '../../../src/lib/domain/slice.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Text of every blob below a request's folder, by its name there; contents and archives left out. */
export async function blobsOf(stage: Stage, requestId: string): Promise<Map<string, string>> {
  const container = BlobServiceClient.fromConnectionString(stage.azurite.connectionString).getContainerClient('dsr');
  const prefix = `requests/${requestId}/`;
  const texts = new Map<string, string>();
  for await (const { name } of container.listBlobsFlat({ prefix })) {
    const short = name.slice(prefix.length);
    if (short.startsWith('content/') || short.endsWith('.zip')) continue;
    texts.set(short, (await container.getBlobClient(name).downloadToBuffer()).toString('utf8'));
  }
  return texts;
}

/** The ledger of one task as it lies in storage, and what became of each of its items. */
export interface TaskLedger {
  readonly family: string;
  readonly target: string;
  readonly revision: number;
  /** Keys of the inventory, sorted; of an export, of what it came upon. */
  readonly found: readonly string[];
  readonly items: readonly ItemLine[];
  readonly lines: readonly ResultLine[];
  /** Results that it consists of. */
  readonly slices: number;
}

/**
 * Reads the ledgers of a request from its blobs and holds them against themselves: each result's sums are those of its lines, nothing is
 * open, and every item found has exactly one final line.
 */
export async function readLedgers(stage: Stage, requestId: string): Promise<TaskLedger[]> {
  const blobs = await blobsOf(stage, requestId);
  expect(
    [...blobs.keys()].filter((name) => /\/open\//.test(name)),
    'slices that are still open',
  ).toEqual([]);
  const ledgers: TaskLedger[] = [];
  for (const [name, text] of blobs) {
    if (!/^tasks-\d+\.json$/.test(name)) continue;
    const { revision, tasks } = taskListSchema.parse(JSON.parse(text));
    for (const { taskId, family, target } of tasks) {
      const results = [...blobs].filter(([blob]) => blob.startsWith(`tasks/${taskId}/done/`));
      const lines = results.flatMap(([, content]) => sliceLines(content));
      ledgers.push({ family, target, revision, lines, slices: results.length, ...foundAndItems(lines) });
    }
  }
  return ledgers;
}

function sliceLines(text: string): ResultLine[] {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const header = sliceHeaderSchema.parse(JSON.parse(first));
  const lines = rest.map((line) => resultLineSchema.parse(JSON.parse(line)));
  const summed = lines.reduce((sum, line) => addCounts(sum, countLine(line)), NO_COUNTS);
  // An export finds and saves at once: its item lines are what it found.
  const items = lines.filter((line) => line.line === 'item').length;
  const foundHere = header.counts.found === summed.found ? summed.found : items;
  expect(header.counts, `sums of slice ${header.sliceId}`).toEqual({ ...summed, found: foundHere });
  return lines;
}

function foundAndItems(lines: readonly ResultLine[]) {
  const items = lines.filter((line) => line.line === 'item');
  const inventory = lines.flatMap((line) => (line.line === 'found' ? [line.key] : []));
  const keys = items.map(({ key }) => key).sort();
  return { items, found: inventory.length > 0 ? inventory.sort() : keys };
}

/** Every item found has one final line, and no other item has one. */
export function expectIdentities(ledgers: readonly TaskLedger[]): void {
  for (const { family, target, found, items } of ledgers) {
    const keys = items.map(({ key }) => key).sort();
    expect(new Set(keys).size, `${family} on ${target}: items with two final lines`).toBe(keys.length);
    expect(keys, `${family} on ${target}: final lines`).toEqual(found);
  }
}

/** Keys of a family with their outcomes. */
export function outcomesOf(ledgers: readonly TaskLedger[], family: string): Map<string, ItemLine> {
  const items = ledgers.filter((ledger) => ledger.family === family).flatMap((ledger) => ledger.items);
  return new Map(items.map((item) => [item.key, item]));
}

/** The receipt as the API gives it; its sums add up and it says nothing of the person. */
export async function readReceipt(stage: Stage, requestId: string): Promise<Receipt> {
  const text = (await stage.portal.bytes(`/requests/${requestId}/receipt`)).toString('utf8');
  expect(text).not.toContain('grace.hopper');
  const receipt = receiptSchema.parse(JSON.parse(text));
  expect(receipt.faults).toEqual([]);
  return receipt;
}

/** The journal's chain holds from its first line to its last. */
export async function expectJournal(stage: Stage, requestId: string): Promise<string[]> {
  const text = (await stage.portal.bytes(`/requests/${requestId}/journal`)).toString('utf8');
  const lines = text.trimEnd().split('\n');
  expect(journalFaults(lines)).toEqual([]);
  return lines;
}

/** Waits until no queue of the app holds a message. */
export async function queuesAreEmpty(stage: Stage): Promise<void> {
  const queues = QueueServiceClient.fromConnectionString(stage.azurite.connectionString);
  let counts: Record<string, number> = {};
  await until(
    () => `queues are empty: ${JSON.stringify(counts)}`,
    async () => {
      counts = {};
      for await (const { name } of queues.listQueues({ prefix: 'dsr-' })) {
        const { approximateMessagesCount = 0 } = await queues.getQueueClient(name).getProperties();
        if (approximateMessagesCount > 0) counts[name] = approximateMessagesCount;
      }
      return Object.keys(counts).length === 0;
    },
  );
}

/** Waits until no queue of the app holds a message, and says that none was ever given up. */
export async function expectQueuesEmpty(stage: Stage): Promise<void> {
  await queuesAreEmpty(stage);
  expect(
    stage.log.filter((line) => line.includes(' moved to ')),
    'poisoned messages',
  ).toEqual([]);
}
