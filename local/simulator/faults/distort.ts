import { z } from 'zod';
import { type Answer, jsonAnswer, queryValue, type SimulatedRequest } from '../http/message.ts';
import { emptyPage, pageAgain } from './empty-page.ts';
import type { Fault } from './rules.ts';

/** What is answered instead of asking the service, for faults that come before it; undefined: the service answers. */
export function answerInstead(fault: Fault, request: SimulatedRequest): Answer | undefined {
  switch (fault.kind) {
    case 'throttled':
      return failure(429, '429', fault.retryAfterSeconds);
    case 'status':
      return failure(fault.status, String(fault.status), fault.retryAfterSeconds);
    case 'answerWith':
      return jsonAnswer(fault.status, fault.json);
    case 'answerWithText': {
      const { status, text, contentType } = fault;
      return { status, headers: text === '' ? {} : { 'Content-Type': contentType }, body: { text } };
    }
    case 'deleteRefusedForAWhile':
      if (request.method !== 'DELETE') return undefined;
      return jsonAnswer(fault.status, { code: fault.code, message: 'Refused by the fault script.' });
    case 'htmlInsteadOfJson':
      return {
        status: fault.status,
        headers: { 'Content-Type': 'text/html' },
        body: { text: "<html><body><h1>Our services aren't available right now</h1></body></html>" },
      };
    default:
      return undefined;
  }
}

/** Faults that are made of the service's own answer, and find nothing to make them of in some. */
export const harmsContent = ({ kind }: Fault): boolean => CONTENT.has(kind);

const CONTENT: ReadonlySet<Fault['kind']> = new Set([
  'deleteRefusedForAWhile',
  'emptyPageThatIsNotTheLast',
  'pageServedTwice',
  'malformedJson',
  'answeredButNotDone',
  'foreignNextLink',
]);

/** The request as the service gets to see it. */
export function distortRequest(fault: Fault | undefined, request: SimulatedRequest): SimulatedRequest {
  const skip = Number(queryValue(request, 'skip') ?? 0);
  if (fault?.kind !== 'pageServedTwice' || skip === 0) return request;
  const query = new URLSearchParams(request.query);
  query.set('skip', String(Math.max(0, skip - Number(queryValue(request, 'take') ?? 50))));
  return { ...request, query };
}

/** What an answer belongs to. `now` in milliseconds. */
export interface Asked {
  readonly request: SimulatedRequest;
  readonly now: number;
}

/** The service's answer with what the fault makes of its content and its effect. */
export function distortAnswer(fault: Fault | undefined, answer: Answer, { request, now }: Asked): Answer {
  if (fault?.kind === 'answeredButNotDone')
    return answer.effect ? { ...answer, ...delayed(fault, answer, now) } : answer;
  if (answer.status !== 200 || !answer.body || !('json' in answer.body)) return answer;
  const { json } = answer.body;
  const distorted = distortPage(fault, json, request);
  if (distorted !== json) return { ...answer, body: { json: distorted } };
  if (fault?.kind === 'malformedJson') return { ...answer, body: { text: JSON.stringify(json).slice(0, -1) } };
  return answer;
}

/** A list as the fault makes it; the very same where it has no page to harm. */
function distortPage(fault: Fault | undefined, json: unknown, request: SimulatedRequest): unknown {
  switch (fault?.kind) {
    case 'emptyPageThatIsNotTheLast':
      return emptyPage(json, request);
    case 'pageServedTwice':
      return pageAgain(json, request);
    case 'foreignNextLink':
      return withForeignLink(json, fault.origin);
    default:
      return json;
  }
}

function failure(status: number, code: string, retryAfterSeconds: number | undefined): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  return jsonAnswer(status, { error: { code, message: 'Made by the fault script.' } }, headers);
}

function delayed(fault: Extract<Fault, { kind: 'answeredButNotDone' }>, answer: Answer, now: number): Partial<Answer> {
  if (!answer.effect) return {};
  const { apply } = answer.effect;
  if (fault.afterCalls !== undefined) return { effect: { apply, afterCalls: fault.afterCalls } };
  if (fault.afterMilliseconds !== undefined) return { effect: { apply, notBefore: now + fault.afterMilliseconds } };
  return { effect: { apply: () => undefined } };
}

const pageSchema = z.looseObject({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

function withForeignLink(json: unknown, origin: string): unknown {
  const page = pageSchema.safeParse(json);
  if (!page.success || !page.data.nextLink) return json;
  const { pathname, search } = new URL(page.data.nextLink);
  return { ...page.data, nextLink: new URL(pathname + search, origin).href };
}
