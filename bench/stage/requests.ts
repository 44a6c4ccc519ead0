import { setTimeout as pause } from 'node:timers/promises';
import type { PortalClient, Submission } from '../../local/portal-client.ts';
import type { RequestStatus } from '../../src/lib/api/answers.ts';
import { journalLineSchema } from '../../src/lib/domain/journal.ts';
import { isEnded } from '../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import type { Stage } from './stage.ts';

const LOOK_MILLISECONDS = 100;
const LIMIT_MILLISECONDS = 1_800_000;

export const submission = (more: Partial<Submission>): Submission => ({
  action: 'export',
  subject: { reference: 'bench' },
  targets: 'all',
  scope: 'target',
  ...more,
});

/** Looks at a request's record until it is as wished. @throws when that takes longer than half an hour. */
export async function waitFor(
  stage: Stage,
  requestId: string,
  wished: (record: RequestRecord) => boolean,
): Promise<RequestRecord> {
  const end = Date.now() + LIMIT_MILLISECONDS;
  for (;;) {
    const record = await stage.record(requestId);
    if (wished(record)) return record;
    if (Date.now() > end)
      throw new Error(`The request is ${record.state} and isn't as wished: ${record.outcome?.reason}`);
    await pause(LOOK_MILLISECONDS);
  }
}

/** Waits for the end of a request. @throws unless it is `completed`. */
export async function completed(stage: Stage, requestId: string): Promise<RequestRecord> {
  const record = await waitFor(stage, requestId, ({ state }) => isEnded(state));
  if (record.state !== 'completed') throw new Error(`The request is ${record.state}: ${record.outcome?.reason}`);
  return record;
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
  const began = Date.now();
  const { requestId } = await stage.portal.submit(submission(order));
  await completed(stage, requestId);
  const view = await stage.portal.request(requestId);
  const ended = await enteredAt(stage.officer, requestId, 'completed');
  const sealing = await enteredAt(stage.officer, requestId, 'sealing');
  return { view, seconds: (ended - began) / 1000, workSeconds: (sealing - began) / 1000 };
}

/** When the request came into a state, by its journal, in milliseconds since 1970. @throws when it never did. */
export async function enteredAt(portal: PortalClient, requestId: string, state: string): Promise<number> {
  for (const line of (await portal.journal(requestId)).split('\n').filter(Boolean)) {
    const move = journalLineSchema.parse(JSON.parse(line));
    if (move.state === state) return Date.parse(move.at);
  }
  throw new Error(`The request never was ${state}.`);
}
