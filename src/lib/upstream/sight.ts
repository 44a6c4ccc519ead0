import type { Sight } from '../plan/breaker.ts';
import { AnswerTooLarge, factOf, MalformedAnswer, SignInFailed } from './failure.ts';

/** What a gateway answers when nothing answers behind it. */
const GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** What an answer says of the target as a whole; undefined where it says nothing. `place`: the URL without its query, for comparison only. */
export function sightOf(status: number, at: { readonly name: string; readonly url: string }): Sight | undefined {
  if (status === 408 || status === 425 || status === 429) return undefined;
  const because = `${at.name}: ${status}`;
  if (status === 401) return { kind: 'sign-in', because, place: placeOf(at.url) };
  if (status < 500) return { kind: 'well' };
  return { kind: GATEWAY.has(status) ? 'down' : 'failed', because, place: placeOf(at.url) };
}

/** The same of a call that has no answer. */
export function sightOfError(error: unknown, at: { readonly name: string; readonly url: string }): Sight | undefined {
  if (error instanceof MalformedAnswer || error instanceof AnswerTooLarge) return undefined;
  const fact = factOf(error);
  if (fact === undefined) return undefined;
  const kind = error instanceof SignInFailed && error.final ? 'sign-in' : 'down';
  return { kind, because: `${at.name}: ${fact}`, place: placeOf(at.url) };
}

const placeOf = (url: string): string => url.split('?', 1)[0] ?? '';
