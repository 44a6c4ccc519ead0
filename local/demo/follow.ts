import { setTimeout as pause } from 'node:timers/promises';
import type { RequestStatus } from '../../src/lib/api/answers.ts';
import type { State } from '../../src/lib/domain/lifecycle.ts';
import type { PortalClient } from '../portal-client.ts';
import { DemoFault } from './fault.ts';
import type { Screen } from './screen.ts';

const POLL_MILLISECONDS = 250;
const PATIENCE_MILLISECONDS = 240_000;

export interface Followed {
  readonly portal: PortalClient;
  readonly requestId: string;
  readonly screen: Screen;
}

/**
 * Shows a request's progress until it is in the state.
 * @throws DemoFault when it ends otherwise, or not in time.
 */
export async function followUntil({ portal, requestId, screen }: Followed, wanted: State): Promise<RequestStatus> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const request = await portal.request(requestId);
    screen.progress(request);
    if (request.state === wanted) return request;
    if (request.endedAt !== undefined) {
      const reason = request.outcome?.reason ?? 'no reason given';
      throw new DemoFault(`The ${request.action} ended ${request.state}, not ${wanted}: ${reason}`);
    }
    if (performance.now() > end) {
      throw new DemoFault(`The ${request.action} is still ${request.state} after ${PATIENCE_MILLISECONDS / 1000} s.`);
    }
    await pause(POLL_MILLISECONDS);
  }
}
