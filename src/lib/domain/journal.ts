import { createHash } from 'node:crypto';
import { z } from 'zod';

/** One line of a request's journal. Each carries the digest of the line before it: a cut or edited line is found. */
export const journalLineSchema = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  actor: z.string().min(1),
  event: z.string().min(1),
  state: z.string(),
  reason: z.string(),
  run: z.number().int().nonnegative(),
  previous: z.string(),
});
export type JournalLine = z.infer<typeof journalLineSchema>;

/** The journal's head as the record carries it. `pendingLine` is text that belongs at byte `position` of the journal. */
export const journalHeadSchema = z.object({
  seq: z.number().int().nonnegative(),
  hash: z.string(),
  position: z.number().int().nonnegative(),
  pendingLine: z.string(),
});
export type JournalHead = z.infer<typeof journalHeadSchema>;

export const EMPTY_JOURNAL: JournalHead = { seq: 0, hash: '', position: 0, pendingLine: '' };

/** Digest of a line as it stands in the journal, without its line feed; lower-case hex of SHA-256. */
export const lineDigest = (line: string): string => createHash('sha256').update(line).digest('hex');

/** The head after `entry`. The line before must already stand in the journal: its length is added to the position here. */
export function extendJournal(head: JournalHead, entry: Omit<JournalLine, 'seq' | 'previous'>): JournalHead {
  const line: JournalLine = { seq: head.seq + 1, ...entry, previous: head.hash };
  const text = JSON.stringify(line);
  return {
    seq: line.seq,
    hash: lineDigest(text),
    position: head.position + Buffer.byteLength(head.pendingLine),
    pendingLine: `${text}\n`,
  };
}

/** What is wrong with a journal, as sentences; empty when the chain holds and ends in `head`. */
export function journalFaults(lines: readonly string[], head?: { seq: number; hash: string }): string[] {
  const faults: string[] = [];
  let previous = '';
  lines.forEach((text, index) => {
    const line = journalLineSchema.safeParse(parseJson(text));
    if (!line.success) faults.push(`Line ${index + 1} is not a journal line.`);
    else if (line.data.seq !== index + 1) faults.push(`Line ${index + 1} says it is number ${line.data.seq}.`);
    else if (line.data.previous !== previous) faults.push(`Line ${index + 1} does not continue the line before it.`);
    previous = lineDigest(text);
  });
  if (head && (head.seq !== lines.length || head.hash !== previous)) {
    faults.push(`The journal ends at line ${lines.length}, the record says ${head.seq}, or their digests differ.`);
  }
  return faults;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
