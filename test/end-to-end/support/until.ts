import { setTimeout as pause } from 'node:timers/promises';

/** Far more than anything here takes; below the tests' own limit, so that a test says what it waited for. */
const LIMIT_MILLISECONDS = 300_000;

/** Awaits a condition: the first value that is neither undefined nor false. @throws naming `what` when it never comes. */
export async function until<T>(
  what: string | (() => string),
  condition: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = Date.now() + LIMIT_MILLISECONDS;
  while (Date.now() < end) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    await pause(50);
  }
  throw new Error(`Never came true: ${typeof what === 'string' ? what : what()}`);
}

/** The value, which the test relies on. */
export function found<T>(value: T | undefined, what = 'what the test relies on'): T {
  if (value === undefined) throw new Error(`Not there: ${what}.`);
  return value;
}
