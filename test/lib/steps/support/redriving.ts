import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { FaultRule } from '../../../../local/simulator/faults/rules.ts';
import { receiptName } from '../../../../src/lib/domain/edition.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RedriveOrder } from '../../../../src/lib/domain/orders.ts';
import { type Receipt, receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import { type Redriven, redrive } from '../../../../src/lib/steps/redrive.ts';
import type { Driver } from './driver.ts';
import type { Stage } from './stage.ts';

export const OPERATOR = { name: 'operator', named: true, fingerprint: 'f'.repeat(16) };
const ORDER: RedriveOrder = { reason: 'The lock is lifted.' };

/** Upstream refuses calls of that method for good, or the first few of them. */
export const refusing = (method: 'DELETE' | 'GET', more: Partial<FaultRule> & { path?: string } = {}): FaultRule => {
  const { path, ...rest } = more;
  return { match: { method, ...(path !== undefined && { path }) }, fault: { kind: 'status', status: 403 }, ...rest };
};

export const order = (stage: Stage, requestId: RequestId, change: Partial<RedriveOrder> = {}): Promise<Redriven> =>
  redrive(stage.deps, { requestId, order: { ...ORDER, ...change }, actor: OPERATOR });

/** A delete that upstream refuses in part: it has ended partially, and the refusals are over. */
export async function partly(driver: Driver, families: string[], rules: readonly FaultRule[]): Promise<RequestId> {
  const { faults } = driver.stage.simulator;
  faults.add(...rules);
  const requestId = await driver.submit({ action: 'delete', families });
  await driver.toTheEnd(requestId);
  faults.clear();
  return requestId;
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
