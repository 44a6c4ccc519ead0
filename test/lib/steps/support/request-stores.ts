import { QueueServiceClient } from '@azure/storage-queue';
import type { Actor } from '../../../../src/lib/domain/actor.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord, Submission } from '../../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { documentStore } from '../../../../src/lib/store/documents.ts';
import { holdStore } from '../../../../src/lib/store/holds.ts';
import { idempotencyKeys } from '../../../../src/lib/store/idempotency.ts';
import { pauseStore } from '../../../../src/lib/store/pauses.ts';
import { queueStore } from '../../../../src/lib/store/queues.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import { roundStore } from '../../../../src/lib/store/rounds.ts';
import { createBreaker } from '../../../../src/lib/upstream/breaker.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const HASH = 'a'.repeat(64);

export const PORTAL: Actor = { name: 'portal', named: true, fingerprint: 'key:1111' };
export const OFFICER: Actor = { name: 'officer', named: true, fingerprint: 'key:2222' };
/** Decides where the officer can't. */
export const DEPUTY: Actor = { name: 'deputy', named: true, fingerprint: 'key:4444' };
export const STRANGER: Actor = { name: 'unnamed', named: false, fingerprint: 'key:3333' };

export const SUBMISSION: Submission = {
  action: 'export',
  subject: { reference: 'case-1', email: 'someone@example.com' },
  targets: 'all',
  families: 'all',
  scope: 'target',
  dryRun: false,
};

/** The stores that the steps behind the HTTP API work with, real ones, and a clock that stands still. */
export type RequestStores = Pick<
  Dependencies,
  | 'clock'
  | 'limits'
  | 'records'
  | 'documents'
  | 'rounds'
  | 'queues'
  | 'idempotency'
  | 'holds'
  | 'breaker'
  | 'targetNames'
>;

const LIMITS: Dependencies['limits'] = {
  sliceItems: 10,
  sliceDocumentBytes: 1000,
  sliceSeconds: 10,
  carrySeconds: 60,
  sliceDownloads: 1,
  sliceAttempts: 3,
  roundSlices: 10,
  roundSeconds: 10,
  resendSeconds: 10,
  patienceSeconds: 10,
  proofSeconds: 10,
  pauseSeconds: 1,
  volumeBytes: 1000,
  decisionDays: 14,
  requestDays: 30,
  replans: 3,
  regulation: 'gdpr',
  warnDays: [14, 7, 3, 1],
  remindDays: [],
  runAttempts: 3,
  breaker: { firstSeconds: 30, ceilingSeconds: 600 },
  downloadDays: 100_000,
};

/** Stores on an Azurite of the test file's own. */
export function useRequestStores(): { readonly deps: RequestStores; messages(): Promise<unknown[]> } {
  const azurite = useAzurite();
  let made: RequestStores | undefined;
  return {
    get deps() {
      const { storage } = azurite;
      made ??= {
        clock: { now: () => NOW },
        limits: LIMITS,
        records: recordStore(storage),
        documents: documentStore(storage),
        rounds: roundStore(storage),
        queues: queueStore(storage),
        holds: holdStore(storage),
        breaker: createBreaker({ pauses: pauseStore(storage), clock: { now: () => NOW }, limits: LIMITS.breaker }),
        idempotency: idempotencyKeys(storage),
        targetNames: () => ['vision', 'vision-2'],
      };
      return made;
    },
    messages: () => takeMessages(azurite.connection),
  };
}

/** All messages that wait in `dsr-requests`; they are gone afterwards. */
async function takeMessages(connection: string): Promise<unknown[]> {
  const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient('dsr-requests');
  await queue.createIfNotExists();
  const taken: unknown[] = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) return taken;
    for (const message of receivedMessageItems) {
      taken.push(JSON.parse(Buffer.from(message.messageText, 'base64').toString('utf8')));
      await queue.deleteMessage(message.messageId, message.popReceipt);
    }
  }
}

/** A stored delete that waits for a decision on HASH, unless told otherwise. */
export async function storedRecord(deps: RequestStores, change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
  const record = newRecord({
    submission: { ...SUBMISSION, action: 'delete' },
    deadline: '2026-03-30T00:00:00.000Z',
    decisionDeadline: '2026-03-14T00:00:00.000Z',
    state: 'awaiting-decision',
    plan: { revision: 1, hash: HASH },
    run: { n: 1, ended: true },
    ...change,
  });
  await deps.records.create(record);
  return record;
}

/** Lines of a request's journal, parsed. */
export async function journalOf(
  deps: Pick<RequestStores, 'records'>,
  requestId: RequestId,
): Promise<{ event: string; actor: string; reason: string }[]> {
  const opened = await deps.records.journal(requestId);
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened?.stream ?? []) chunks.push(Buffer.from(chunk));
  const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line): { event: string; actor: string; reason: string } => JSON.parse(line));
}
