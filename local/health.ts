import { setTimeout as pause } from 'node:timers/promises';

/** The app's own patience with its storage is 5 s. */
const CALL_MILLISECONDS = 10_000;
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 250;

/**
 * Resolves once `GET /api/health` answers 200.
 * @param url base URL of a host. @param patience milliseconds after which nothing is asked any more.
 * @throws Error that quotes the last answer.
 */
export async function untilHealthy(url: string, patience = PATIENCE_MILLISECONDS): Promise<void> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask(url);
    if (answer === 'healthy') return;
    if (performance.now() >= end) throw new Error(`The app is not healthy: ${answer}`);
    await pause(PAUSE_MILLISECONDS);
  }
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(CALL_MILLISECONDS) });
    const text = await response.text();
    return response.status === 200 ? 'healthy' : `${response.status} ${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
