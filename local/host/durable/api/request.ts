import type { DurableHttpRequest } from '../../contract.ts';
import type { FunctionCatalog, HubParts } from '../engine/parts.ts';
import type { LinkOptions } from './links.ts';

/** What the API works with. */
export interface ApiParts {
  readonly hub: HubParts;
  readonly links: LinkOptions;
  /** Absent until the hub has been started; then nothing is known about functions and every name is believed. */
  readonly functions: () => FunctionCatalog | undefined;
}

/** A flag of the query; .NET's `bool.TryParse`, so anything but true and false counts as not given. */
export function flag(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = query.get(name)?.trim().toLowerCase();
  if (text === 'true') return true;
  return text === 'false' ? false : fallback;
}

/** A time of the query in milliseconds since the epoch; one that can't be read counts as not given. */
export function time(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  const milliseconds = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** The statuses named in `runtimeStatus`, which may be given several times or with commas. */
export function statuses(query: URLSearchParams): string[] {
  const named = query.getAll('runtimeStatus').flatMap((value) => value.split(','));
  return named.map((name) => name.trim()).filter((name) => name !== '');
}

/** The host's own URL as the caller wrote it. */
export function baseUrlOf(request: DurableHttpRequest): string {
  return `http://${request.headers.host ?? 'localhost'}`;
}

/** Canonical JSON text of a body, `null` for an empty one; nothing when it isn't JSON. */
export function jsonBody(body: string): string | undefined {
  if (body === '') return 'null';
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return undefined;
  }
}
