import type { HttpHeaders } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { addSeconds } from '../domain/clock.ts';
import { type Done, retryAfter } from '../plan/verdict.ts';
import type { Answer } from './exchange.ts';
import { MalformedAnswer } from './failure.ts';

/** What has become of a long-running operation. `failed`: its error code, or the word with which it ended. */
export type Progress = 'succeeded' | 'running' | { readonly failed: string };

/** Where upstream says nothing: the recorded deletion of a cluster carried no Retry-After (contradictions.md, 33). */
const DEFAULT_POLL_SECONDS = 15;

/** Headers that name the URL of an operation, the most telling first (contradictions.md, 33; H5). */
const POLL_HEADERS = ['azure-asyncoperation', 'operation-location', 'location'] as const;

/** Where and when to ask for the outcome of what a 202 has begun; nothing when it names no URL that may be asked. */
export function pollOf(
  answer: Answer,
  now: Date,
  follow: (link: string) => string | undefined,
): Pick<Done<unknown>, 'pollUrl' | 'pollAfter'> {
  if (answer.status !== 202) return {};
  for (const name of POLL_HEADERS) {
    const link = answer.headers.get(name);
    const pollUrl = link === undefined ? undefined : follow(link);
    if (pollUrl !== undefined) return { pollUrl, pollAfter: pollTime(answer.headers, now) };
  }
  return {};
}

/** The moment of the next question. */
export const pollTime = (headers: HttpHeaders, now: Date): Date =>
  retryAfter(headers, now) ?? addSeconds(now, DEFAULT_POLL_SECONDS);

const word = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/);
const operationState = z.looseObject({
  status: word.nullish(),
  properties: z.looseObject({ provisioningState: word.nullish() }).nullish(),
  provisioningState: word.nullish(),
  state: word.nullish(),
  error: z.looseObject({ code: word.nullish() }).nullish(),
});

/**
 * What the answer of a status URL means. The state stands in `status`, or in one of the members that other versions use
 * (contradictions.md, 32; `state` of model management, H5). A 200 without any state is that of `Location`, which answers 202 until the
 * end (Azure resource manager, "Track asynchronous operations").
 * @throws MalformedAnswer when it can't be told.
 */
export function progressOf(answer: Answer): Progress {
  const { status, value } = answer;
  if (status === 202) return 'running';
  if (status === 204 || value === undefined || value === null) return 'succeeded';
  const parsed = operationState.safeParse(value);
  if (!parsed.success) throw new MalformedAnswer('the answer has no state');
  const { properties, provisioningState, state, error } = parsed.data;
  const said = parsed.data.status ?? properties?.provisioningState ?? provisioningState ?? state;
  if (said === undefined || said === null || /^succeeded$/i.test(said)) return 'succeeded';
  return /^(?:failed|cancell?ed)$/i.test(said) ? { failed: error?.code ?? said } : 'running';
}
