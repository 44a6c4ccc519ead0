import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiRefusal } from '../../client/refusal.ts';
import type { Plan } from '../../src/lib/domain/plan.ts';
import type { Receipt } from '../../src/lib/domain/receipt.ts';
import { accountLines } from './account.ts';
import { DemoFault, expectThat } from './fault.ts';
import { followUntil } from './follow.ts';
import { keepReceipt, type Scene, submitAll } from './scene.ts';
import { counted, pathText } from './text.ts';

/** Erases everything: plan, refused decision, decision, erasure, receipt. @throws DemoFault, ApiRefusal. */
export async function showErasure(scene: Scene): Promise<Receipt> {
  const { screen, portal } = scene;
  screen.heading('2. Delete: planned, decided by somebody else, carried out, proved');
  const requestId = await submitAll(scene, 'delete');
  await followUntil({ portal, requestId, screen }, 'awaiting-decision');
  const plan = await portal.plan(requestId);
  screen.fact('plan', ...planLines(plan));
  await decide(scene, requestId, plan.hash);
  screen.begin();
  const { outcome } = await followUntil({ portal, requestId, screen }, 'completed');
  screen.fact('result', screen.good(`completed. ${outcome?.reason ?? ''}`));
  const folder = join(scene.folder, 'delete');
  await mkdir(folder);
  const receipt = await keepReceipt(scene, requestId, folder);
  screen.fact('receipt', pathText(join(folder, 'receipt.json')), ...accountLines(receipt));
  const { found, erased, absent, kept, gaps } = receipt.totals;
  const hand = itemsByHand(plan);
  const complete = erased > 0 && found === erased + absent + kept && gaps === 0;
  expectThat(complete, `Of ${found} items found, ${erased} were erased; ${absent} absent, ${gaps} places unread.`);
  expectThat(kept + absent === hand, `${kept + absent} items were not erased, not just the ${hand} left to people.`);
  return receipt;
}

/** Who submitted may not decide: shown first, with the very hash that the officer then approves. */
async function decide({ portal, officer, screen }: Scene, requestId: string, planHash: string): Promise<void> {
  const order = { decision: 'approve', planHash } as const;
  const refusal = await portal.decide(requestId, order).catch((error: unknown) => error);
  if (!(refusal instanceof ApiRefusal)) throw new DemoFault('The key that submitted the delete could approve it.');
  expectThat(refusal.status === 403, `The submitter's decision was answered ${refusal.status}, not 403.`);
  screen.fact('portal', `POST …/decision approve: ${refusal.status}. ${refusal.problem?.title ?? ''}`);
  await officer.decide(requestId, order);
  screen.fact('officer', 'POST …/decision approve: 202, with another key and the hash of this very plan');
}

function planLines(plan: Plan): string[] {
  const all = plan.tasks.reduce((sum, task) => sum + task.counts.found, 0);
  const hand = itemsByHand(plan);
  return [
    `${counted(all, 'item')}: ${all - hand} to be erased, ${hand} left to people; nothing is touched yet`,
    `hash ${plan.hash}`,
  ];
}

const itemsByHand = (plan: Plan): number =>
  plan.tasks.filter((task) => task.way === 'hand').reduce((sum, task) => sum + task.counts.found, 0);
