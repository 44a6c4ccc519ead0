import type { Receipt, ReceiptTask } from '../../src/lib/domain/receipt.ts';
import { bytesText, counted, wrapped } from './text.ts';

const WIDTH = 96;

/** The parts of a receipt that people ask for first: sums, proofs, what was kept and why, what is left to do by hand. */
export function accountLines(receipt: Receipt): string[] {
  const { found, saved, erased, absent, kept, refused, gaps, documents, bytes } = receipt.totals;
  const isExport = receipt.asked.action === 'export';
  const done = isExport ? `${saved} saved` : `${erased} erased, ${kept} kept`;
  return [
    `${found} found: ${done}, ${absent} absent, ${refused} refused; ${gaps} places unread`,
    ...(isExport ? [`${counted(documents, 'document')}, and ${bytesText(bytes)} of files`] : []),
    ...proofLines(receipt),
    ...groundLines(receipt, 'kept'),
    ...groundLines(receipt, 'absent'),
    ...groundLines(receipt, 'refused'),
    ...byHandLines(receipt),
  ];
}

/** Tasks whose items have final lines. */
const carriedOut = (receipt: Receipt): ReceiptTask[] =>
  receipt.revisions.filter((revision) => revision.carriedOut).flatMap((revision) => revision.tasks);

function proofLines(receipt: Receipt): string[] {
  const levels = new Map<string, number>();
  for (const { proofs } of carriedOut(receipt)) {
    for (const [level, items] of Object.entries(proofs)) levels.set(level, (levels.get(level) ?? 0) + items);
  }
  const told = [...levels].map(([level, items]) => `${items} by ${level}`);
  return told.length > 0 ? [`proved gone: ${told.join(', ')}`] : [];
}

/** Items with one ground, over all targets. */
function groundLines(receipt: Receipt, grouped: 'kept' | 'absent' | 'refused'): string[] {
  const sums = new Map<string, number>();
  for (const task of carriedOut(receipt)) {
    for (const { ground, items } of task.grounds[grouped]) {
      const name = `${task.family}: ${ground}`;
      sums.set(name, (sums.get(name) ?? 0) + items);
    }
  }
  return [...sums].flatMap(([name, items]) => hanging(`${grouped} ${items} × `, name));
}

/** One row for each thing that only a person can erase, with the targets that have it. */
function byHandLines({ byHand }: Receipt): string[] {
  const rows = new Map<string, string[]>();
  for (const { target, what, sentence } of byHand) {
    const row = `${what}: ${sentence}`;
    rows.set(row, [...(rows.get(row) ?? []), target]);
  }
  if (rows.size === 0) return [];
  return [
    `left to do by hand (${counted(rows.size, 'thing')}), in the words of the source document:`,
    ...[...rows].flatMap(([row, targets]) => hanging('  - ', `${targets.join(', ')}: ${row}`)),
  ];
}

const hanging = (start: string, text: string): string[] =>
  wrapped(text, WIDTH - start.length).map((line, index) => (index === 0 ? start : ' '.repeat(start.length)) + line);
