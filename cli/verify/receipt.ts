import { sumWithoutRepeats } from '../../src/lib/domain/again.ts';
import { type Counts, identityFault } from '../../src/lib/domain/ledger.ts';
import { canonicalJson, doesOf } from '../../src/lib/domain/plan.ts';
import { GROUPED, type Receipt, type ReceiptTask } from '../../src/lib/domain/receipt.ts';
import type { Findings } from './findings.ts';

/** Whether a receipt agrees with itself, and in plain words what it states. */
export function checkReceipt(receipt: Receipt, findings: Findings): void {
  findings.stated.push(...statements(receipt));
  const tasks = receipt.revisions.flatMap((revision) => (revision.carriedOut ? revision.tasks : []));
  const sum = sumWithoutRepeats(receipt.asked.action, tasks);
  const own = tasks.flatMap(
    (task) => identityFault(`Task ${task.taskId}`, task.counts, doesOf(receipt.asked.action, task)) ?? [],
  );
  if (canonicalJson(sum) !== canonicalJson(receipt.totals))
    findings.wrong.push("The receipt's totals are not its sums.");
  else if (own.length === 0) findings.proved.push('In the receipt, every item that was found has exactly one end.');
  // A receipt that tells of its faults is honest about a request that failed.
  if (receipt.faults.length === 0) findings.wrong.push(...own);
}

function statements(receipt: Receipt): string[] {
  const { asked, decision, outcome, totals, byHand, faults } = receipt;
  return [
    `Request ${receipt.requestId}: ${asked.action} on ${asked.targets.join(', ') || 'no target'}, asked by ${asked.submittedBy} at ${asked.submittedAt}.`,
    ...(decision ? [`Decided: ${decision.decision} by ${decision.actor} at ${decision.at}.`] : []),
    ...(outcome ? [`Ended: ${outcome.event}. ${outcome.reason}`] : []),
    `Found ${totals.found}: ${endsOf(totals)}.`,
    ...proofs(receipt),
    ...tasksOf(receipt).flatMap((task) => [...grounds(task, tasksOf(receipt)), ...unfound(task)]),
    ...byHand.map(({ target, what, sentence }) => `By hand on ${target}: ${what}. ${sentence}`),
    ...faults.map((fault) => `The receipt tells of a fault: ${fault}`),
  ];
}

const unfound = ({ family, target, search }: ReceiptTask): string[] =>
  search?.notice === undefined ? [] : [`${family} on ${target}: ${search.notice}`];

const endsOf = ({ saved, erased, absent, kept, refused, gaps }: Counts): string =>
  `${saved} saved, ${erased} erased, ${absent} absent, ${kept} kept, ${refused} refused; ${gaps} places could not be read`;

function proofs(receipt: Receipt): string[] {
  const levels = new Map<string, number>();
  for (const task of tasksOf(receipt)) {
    for (const [level, items] of Object.entries(task.proofs)) levels.set(level, (levels.get(level) ?? 0) + items);
  }
  const told = [...levels].map(([level, items]) => `${items} ${level}`);
  return told.length > 0 ? [`Deletions were proved: ${told.join(', ')}.`] : [];
}

const tasksOf = ({ revisions }: Receipt): ReceiptTask[] => revisions.flatMap(({ tasks }) => tasks);

function grounds({ taskId, family, target, grounds: told }: ReceiptTask, all: readonly ReceiptTask[]): string[] {
  const again = all.find((task) => task.again === taskId);
  const since = again ? `At first, before ${again.taskId} took it up again: ` : '';
  return GROUPED.flatMap((group) =>
    told[group].map(({ ground, items }) => `${since}${family} on ${target}: ${items} ${group}. ${ground}`),
  );
}
