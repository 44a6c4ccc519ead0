import { parseArgs } from 'node:util';
import { type ApiClient, apiClient } from '../../client/client.ts';
import { WrongUse } from '../wrong-use.ts';

/** What was said on the command line: words after the command, and options. */
export interface Said {
  readonly words: readonly string[];
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  readonly signed: boolean;
  readonly items: boolean;
}

const OPTIONS = {
  api: { type: 'string' },
  key: { type: 'string' },
  token: { type: 'string' },
  'idempotency-key': { type: 'string' },
  'plan-hash': { type: 'string' },
  reason: { type: 'string' },
  out: { type: 'string' },
} as const;
type OptionName = keyof typeof OPTIONS;

/** @throws WrongUse for options that there aren't. */
export function said(given: readonly string[], usage: string): Said {
  try {
    const options = { ...OPTIONS, signed: { type: 'boolean' }, items: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...given], allowPositionals: true, options });
    const { signed, items, ...texts } = values;
    return { words: positionals, values: texts, signed: signed ?? false, items: items ?? false };
  } catch (error) {
    throw new WrongUse(`${error instanceof Error ? error.message : ''}\n\n${usage}`);
  }
}

/**
 * A client for the API that was named, or that the environment names: keys on a command line can be seen by everybody on the machine.
 * Over plain http only on this machine: key and token go along. @throws WrongUse
 */
export function clientFor({ values }: Said, environment: NodeJS.ProcessEnv): ApiClient {
  const url = values.api ?? environment.DSR_API;
  const key = values.key ?? environment.DSR_KEY;
  const token = values.token ?? environment.DSR_TOKEN;
  if (!url || !key) throw new WrongUse('Which API, with which key? --api and --key, or DSR_API and DSR_KEY.');
  if (!URL.canParse(url)) throw new WrongUse('--api takes a URL, for example https://dsr.example.com.');
  const { protocol, hostname, origin } = new URL(url);
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !isHere) throw new WrongUse('The API is called over https only.');
  return apiClient({ url: origin, key, ...(token && { token: async () => token }) });
}
