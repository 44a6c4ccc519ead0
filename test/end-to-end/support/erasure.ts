import { expect } from 'vitest';
import type { Receipt } from '../../../src/lib/domain/receipt.ts';
import { expectIdentities, expectJournal, readLedgers, readReceipt, type TaskLedger } from './account.ts';
import type { Order, View } from './portal.ts';
import type { Stage } from './stage.ts';

/** A request at its end, with its account. */
export interface Ended {
  readonly id: string;
  readonly view: View;
  readonly ledgers: readonly TaskLedger[];
  readonly receipt: Receipt;
}

/** Submits a delete and waits for its plan. */
export async function planDelete(stage: Stage, target: string, order: Partial<Order> = {}) {
  const id = await stage.portal.begin({ action: 'delete', targets: [target], ...order });
  const planned = await stage.portal.awaitingDecision(id);
  expect(planned.state).toBe('awaiting-decision');
  return { id, hash: planned.plan?.hash };
}

/** Approves the plan with the second key. */
export async function approve(stage: Stage, { id, hash }: { id: string; hash: string | undefined }): Promise<void> {
  expect((await stage.officer.decide(id, 'approve', hash)).status).toBe(202);
}

/** Approves an export where it is not known whose data it would hold. */
export async function approveIfAsked(stage: Stage, id: string): Promise<void> {
  const { state, plan } = await stage.portal.awaitingDecision(id);
  if (state === 'awaiting-decision') await approve(stage, { id, hash: plan?.hash });
}

/** Waits for the end; its ledgers, receipt and journal must hold. */
export async function accountOf(stage: Stage, id: string): Promise<Ended> {
  const view = await stage.portal.ended(id);
  const ledgers = await readLedgers(stage, id);
  const last = Math.max(...ledgers.map(({ revision }) => revision));
  expectIdentities(ledgers.filter(({ revision }) => revision === last));
  await expectJournal(stage, id);
  return { id, view, ledgers, receipt: await readReceipt(stage, id) };
}

/** A delete from submission to its end, approved as planned. */
export async function erase(stage: Stage, target: string, order: Partial<Order> = {}): Promise<Ended> {
  const planned = await planDelete(stage, target, order);
  await approve(stage, planned);
  return accountOf(stage, planned.id);
}
