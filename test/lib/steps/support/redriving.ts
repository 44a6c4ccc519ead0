import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { FaultRule } from '../../../../local/simulator/faults/rules.ts';
import { receiptName } from '../../../../src/lib/domain/edition.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RedriveOrder } from '../../../../src/lib/domain/orders.ts';
import { type Receipt, receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { Failure } from '../../../../src/lib/domain/redrive.ts';
import type { Submission } from '../../../../src/lib/domain/request.ts';
import { listFailures } from '../../../../src/lib/steps/redrive/failures.ts';
import { type Redriven, redrive } from '../../../../src/lib/steps/redrive/redrive.ts';
import type { Driver } from './driver.ts';
import type { Stage } from './stage.ts';

export const OPERATOR = { name: 'operator', named: true, fingerprint: 'key:4444' };
export const ORDER: RedriveOrder = { reason: 'The lock is lifted.' };

/** Upstream refuses the calls of an operation, or the first few of them. */
export const refusing = (operation: string, more: Partial<FaultRule> = {}): FaultRule => ({
  match: { operation },
  fault: { kind: 'status', status: 403 },
  ...more,
});

export const order = (stage: Stage, requestId: RequestId, only?: RedriveOrder['only']): Promise<Redriven> =>
  redrive(stage.deps, { requestId, order: { ...ORDER, ...(only && { only }) }, actor: OPERATOR });

/** A request that upstream refuses in part: it has ended partially, and the refusals are over. */
export async function partly(
  driver: Driver,
  submission: Partial<Submission>,
  rules: readonly FaultRule[],
): Promise<RequestId> {
  const { faults } = driver.stage.simulator;
  faults.add(...rules);
  const requestId = await driver.submit(submission);
  const { state } = await driver.toTheEnd(requestId);
  if (state !== 'partially-completed') throw new Error(`It ended ${state}.`);
  faults.clear();
  return requestId;
}

export async function failuresOf({ deps }: Stage, requestId: RequestId, limit = 100): Promise<Failure[]> {
  const all: Failure[] = [];
  let continuation: string | undefined;
  do {
    const listed = await listFailures(deps, { requestId, limit, continuation });
    if (listed.kind !== 'page') throw new Error(listed.kind);
    all.push(...listed.failures);
    continuation = listed.continuation;
  } while (continuation !== undefined);
  return all;
}

export interface StoredReceipt {
  readonly receipt: Receipt;
  readonly bytes: number;
  readonly sha256: string;
}

export async function receiptOf({ deps }: Stage, requestId: RequestId, edition = 1): Promise<StoredReceipt> {
  const opened = await deps.documents.open({ requestId, name: receiptName(edition, 'json') });
  if (!opened) throw new Error(`There is no edition ${edition} of the receipt.`);
  const content = await buffer(opened.chunks);
  const receipt = receiptSchema.parse(JSON.parse(content.toString()));
  return { receipt, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Names of the events in the journal. */
export async function eventsIn({ deps }: Stage, requestId: RequestId): Promise<string[]> {
  const journal = await deps.records.journal(requestId);
  if (!journal) throw new Error('There is no journal.');
  const text = (await buffer(journal.stream)).toString();
  return text.split('\n').flatMap((line) => /"event":"([^"]+)"/.exec(line)?.[1] ?? []);
}
