import { setTimeout as pause } from 'node:timers/promises';
import type { PortalClient, Submission } from '../../local/portal-client.ts';
import type { RequestStatus } from '../../src/lib/api/answers.ts';
import { journalLineSchema } from '../../src/lib/domain/journal.ts';
import { isEnded } from '../../src/lib/domain/lifecycle.ts';
import type { Stage } from './stage.ts';

/** Milliseconds between two looks at a request: what is measured is known this exactly. */
const LOOK_MILLISECONDS = 50;

export const submission = (more: Partial<Submission>): Submission => ({
  action: 'export',
  subject: { reference: 'bench' },
  targets: 'all',
  scope: 'target',
  ...more,
});

/** Looks until the request is as wished. @throws when that takes longer than `seconds`. */
export async function waitFor(
  portal: PortalClient,
  requestId: string,
  until: { readonly seconds?: number; readonly wished: (view: RequestStatus) => boolean },
): Promise<RequestStatus> {
  const end = Date.now() + 1000 * (until.seconds ?? 1800);
  for (;;) {
    const view = await portal.request(requestId);
    if (until.wished(view)) return view;
    if (Date.now() > end) throw new Error(`The request is ${view.state} and isn't as wished: ${view.outcome?.reason}`);
    await pause(LOOK_MILLISECONDS);
  }
}

export interface Fulfilled {
  readonly view: RequestStatus;
  /** From the POST to its end. */
  readonly seconds: number;
  /** Of these, until sealing began: everything was read and saved. */
  readonly workSeconds: number;
}

/** Submits a request and waits until it has completed. @throws when it ends otherwise. */
export async function fulfil(stage: Stage, order: Partial<Submission>): Promise<Fulfilled> {
  const began = performance.now();
  const submittedAt = Date.now();
  const { requestId } = await stage.portal.submit(submission(order));
  const view = await waitFor(stage.portal, requestId, { wished: ({ state }) => isEnded(state) });
  if (view.state !== 'completed') throw new Error(`The request is ${view.state}: ${view.outcome?.reason}`);
  const seconds = (performance.now() - began) / 1000;
  const sealing = await enteredAt(stage.officer, requestId, 'sealing');
  return { view, seconds, workSeconds: sealing === undefined ? seconds : (sealing - submittedAt) / 1000 };
}

/** When the request came into a state, by its journal, in milliseconds since 1970. */
async function enteredAt(portal: PortalClient, requestId: string, state: string): Promise<number | undefined> {
  for (const line of (await portal.journal(requestId)).split('\n').filter(Boolean)) {
    const move = journalLineSchema.parse(JSON.parse(line));
    if (move.state === state) return Date.parse(move.at);
  }
  return undefined;
}
