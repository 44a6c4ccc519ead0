import { setTimeout as delay } from 'node:timers/promises';
import { TooMuchContention } from './failure.ts';

const TRIES = 20;
const FIRST_WAIT_MILLISECONDS = 10;
const LONGEST_WAIT_MILLISECONDS = 500;

/**
 * Repeats a compare-and-set until it settles: `attempt` returns undefined when another writer was faster. Waits between the tries are
 * random, so that writers who collided once do not collide again.
 * @throws TooMuchContention after 20 tries.
 */
export async function untilSettled<T>(blob: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) {
      const longest = Math.min(FIRST_WAIT_MILLISECONDS * 2 ** tried, LONGEST_WAIT_MILLISECONDS);
      await delay(Math.random() * longest);
    }
    const settled = await attempt();
    if (settled !== undefined) return settled;
  }
  throw new TooMuchContention(blob);
}
