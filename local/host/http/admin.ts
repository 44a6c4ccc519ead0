import { hostname } from 'node:os';
import { z } from 'zod';
import { answer, type Exchange, readBody } from './exchange.ts';

export interface AdminApi {
  readonly state: () => 'Running' | 'Initializing' | 'Stopping';
  /** Runs a function by hand; false when there is none of that name. Answers before the function ends. */
  readonly runByHand: (functionName: string, input: string) => boolean;
}

const runRequest = z.looseObject({ input: z.string().nullish() });

/** `/admin/*`, once the master key was seen. */
export async function handleAdmin(exchange: Exchange, api: AdminApi): Promise<void> {
  const { method, path, response } = exchange;
  const parts = path.toLowerCase().split('/').slice(2);
  if (method === 'GET' && parts.join('/') === 'host/status') return answer(response, 200, status(api));
  if (method === 'POST' && parts[0] === 'functions' && parts.length === 2) return run(exchange, api);
  answer(response, 404);
}

function status(api: AdminApi) {
  return {
    id: hostname(),
    state: api.state(),
    version: '4.1037.0.0-local',
    processUptime: Math.round(process.uptime() * 1000),
    computerName: hostname(),
  };
}

async function run({ request, response, path }: Exchange, api: AdminApi): Promise<void> {
  const text = (await readBody(request)).toString();
  // The genuine host binds a JSON body and refuses any other content type.
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) return answer(response, 415);
  const parsed = runRequest.safeParse(parseJson(text));
  if (!parsed.success) return answer(response, 400);
  const name = path.split('/')[3] ?? '';
  answer(response, api.runByHand(name, parsed.data.input ?? '') ? 202 : 404);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
