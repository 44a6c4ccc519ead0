import { journalFaults, lineDigest } from '../../src/lib/domain/journal.ts';
import type { Findings } from './findings.ts';
import { parseJson } from './given.ts';

/** Who says how far the journal goes. `vouched`: by a signature that was checked. */
export interface KnownHead {
  readonly by: string;
  readonly seq: number;
  readonly hash: string;
  readonly vouched: boolean;
}

/** Checks the chain of a journal, and that the lines which receipt and signed head name stand in it. */
export function checkJournal(text: string, heads: readonly KnownHead[], findings: Findings): void {
  const lines = text.split('\n');
  // Each line has its line feed, the last one too.
  if (lines.pop() !== '') findings.wrong.push('The journal does not end with a whole line.');
  const faults = [...journalFaults(lines), ...lines.flatMap(spellingFault)];
  findings.wrong.push(...faults.map((fault) => `Journal: ${fault}`));
  const missed = heads.filter(({ seq, hash }) => !hasLine(lines, seq, hash));
  findings.wrong.push(
    ...missed.map(
      ({ by, seq }) => `The journal is not the one that ${by} names: its line ${seq} is missing or another.`,
    ),
  );
  if (faults.length > 0 || missed.length > 0) return;
  findings.proved.push(`The ${lines.length} lines of the journal are one unbroken chain.`);
  vouchers(lines.length, heads, findings);
}

const hasLine = (lines: readonly string[], seq: number, hash: string): boolean =>
  lineDigest(lines[seq - 1] ?? '') === hash;

/** A blank more is no other line to JSON, but it is not what was written. */
function spellingFault(line: string, index: number): string[] {
  return JSON.stringify(parseJson(line)) === line ? [] : [`Line ${index + 1} is not written as it was.`];
}

function vouchers(lines: number, heads: readonly KnownHead[], findings: Findings): void {
  for (const { by, seq } of heads) findings.proved.push(`The journal has the ${seq} lines that ${by} names.`);
  const vouched = Math.max(0, ...heads.filter((head) => head.vouched).map(({ seq }) => seq));
  if (vouched === 0) {
    findings.open.push('No signature vouches for the journal: whoever rewrote all of it would not be found out.');
  } else if (vouched < lines) {
    findings.open.push(
      `Lines ${vouched + 1} to ${lines} of the journal came after what was signed: they continue the chain, but the end of it could be cut or written anew. A signed head of the journal would vouch for them.`,
    );
  }
}
