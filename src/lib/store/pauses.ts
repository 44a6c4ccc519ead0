import { z } from 'zod';
import { type Pause, pauseSchema } from '../plan/breaker.ts';
import { parseStored, readText, writeText } from './blobs.ts';
import { untilSettled } from './contention.ts';
import { targetFolder } from './names.ts';
import type { Storage } from './storage.ts';

const storedSchema = z.object({ v: z.literal(1), pause: pauseSchema.optional() });

/** The pauses of targets, kept across instances: one small blob for each beside its pace. */
export interface PauseStore {
  read(target: string): Promise<Pause | undefined>;
  /** Compare-and-set; `next` may run several times, undefined ends the pause. What stands there then. @throws TooMuchContention */
  change(target: string, next: (pause: Pause | undefined) => Pause | undefined): Promise<Pause | undefined>;
}

export function pauseStore({ container }: Storage): PauseStore {
  const nameOf = (target: string): string => `${targetFolder(target)}/pause.json`;
  const load = async (target: string) => {
    const stored = await readText(container, nameOf(target));
    const pause = stored && parseStored(nameOf(target), stored.text, storedSchema).pause;
    return { pause, onlyIf: stored ? { etag: stored.etag } : ('absent' as const) };
  };
  return {
    read: async (target) => (await load(target)).pause,
    async change(target, next) {
      const { pause } = await untilSettled(nameOf(target), async () => {
        const before = await load(target);
        const after = next(before.pause);
        if (after === before.pause) return { pause: after };
        const text = JSON.stringify({ v: 1, ...(after && { pause: after }) });
        const written = await writeText(container, nameOf(target), { text, options: { onlyIf: before.onlyIf } });
        return written.kind === 'written' ? { pause: after } : undefined;
      });
      return pause;
    },
  };
}
