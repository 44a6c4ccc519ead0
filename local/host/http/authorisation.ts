import type { IncomingMessage } from 'node:http';
import type { HostSettings } from '../options.ts';

export type Keys = HostSettings['keys'];

/** The key of a request: header first, then the query, as on the genuine host. */
export function presentedKey(request: IncomingMessage, query: URLSearchParams): string | undefined {
  const header = request.headers['x-functions-key'];
  return typeof header === 'string' ? header : (query.get('code') ?? undefined);
}

/** Whether a key opens functions of that level; the master key opens all. */
export function opens(
  level: 'anonymous' | 'function' | 'admin' | 'system',
  key: string | undefined,
  keys: Keys,
): boolean {
  if (level === 'anonymous') return true;
  if (key === undefined) return false;
  if (key === keys.master) return true;
  if (level === 'system') return key === keys.system;
  return level === 'function' && Object.values(keys.functionKeys).includes(key);
}
