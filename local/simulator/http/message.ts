import type { IncomingHttpHeaders } from 'node:http';
import type { GeneratedContent } from '../content/content.ts';

/** A request as the services see it: the host is the one that the client meant, not the loopback address. */
export interface SimulatedRequest {
  readonly method: string;
  /** Lower case, with its port if it had one. */
  readonly host: string;
  /** True when a gateway named the host in `X-Forwarded-Host`. */
  readonly forwarded: boolean;
  /** As sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type AnswerBody =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly content: GeneratedContent; readonly start: number; readonly end: number };

/** What a change upstream waits for: nothing, a number of further calls, or a time (milliseconds since 1970). */
export interface Effect {
  readonly apply: () => void;
  readonly afterCalls?: number;
  readonly notBefore?: number;
}

/** An answer before faults: a service decides on it and hands over what it changes, so that a fault can delay the change. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
  readonly effect?: Effect;
}

/** An answer in JSON, typed as the recorded services write it. */
export function jsonAnswer(status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: { json } };
}

/** The values of a query option: repeated or comma separated, its name in any case. */
export function queryList(request: SimulatedRequest, name: string): string[] {
  return [...request.query]
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** The first value of a query option, whole; absent and empty are the same. */
export function queryValue(request: SimulatedRequest, name: string): string | undefined {
  const found = [...request.query].find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1] || undefined;
}

/** Whether the host is this machine's loopback, whatever its port. */
export function isLoopback(host: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}
