import { appendFileSync } from 'node:fs';

/** Appends what a function saw to the file that the test reads; synchronous, so that a killed worker leaves it there. */
export function seen(entry: Readonly<Record<string, unknown>>): void {
  const file = process.env.SEEN_FILE;
  if (file) appendFileSync(file, `${JSON.stringify({ ...entry, pid: process.pid })}\n`);
}
