import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const timerStatus = z.object({
  /** Absent before the first run. */
  last: z.iso.datetime().exactOptional(),
  next: z.iso.datetime(),
  lastUpdated: z.iso.datetime(),
});

export type TimerStatus = z.output<typeof timerStatus>;

/** What is known of a timer from earlier runs; undefined when nothing is. */
export async function readStatus(file: string): Promise<TimerStatus | undefined> {
  try {
    return timerStatus.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole: a crash leaves the old one or the new one. */
export async function writeStatus(file: string, status: TimerStatus): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(status));
  await rename(`${file}.new`, file);
}
