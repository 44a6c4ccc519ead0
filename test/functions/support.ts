import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { type RunningHost, startHost } from '../../local/host/host.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { deviations } from './described.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const entryOf = (app: string): string => fileURLToPath(new URL(`./app/${app}.ts`, import.meta.url));
const FUNCTION_KEYS = { portal: 'portal-key', officer: 'officer-key', guest: 'guest-key' };

export const TARGETS = {
  targets: [
    {
      kind: 'custom-vision',
      name: 'vision',
      endpoint: 'https://vision.example.com',
      signIn: { kind: 'key', setting: 'VISION_KEY' },
    },
  ],
};

export const LATER = '2126-01-01T00:00:00.000Z';
const problemSchema = z.looseObject({ type: z.string(), title: z.string(), status: z.number() });

/** The problem in an answer, held to be one. */
export async function problemOf(answer: Response): Promise<z.infer<typeof problemSchema>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  return problem;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** The guest's key has no name. */
const CALLERS = { portal: sha256(FUNCTION_KEYS.portal), officer: sha256(FUNCTION_KEYS.officer) };

export interface TestApi {
  readonly url: string;
  readonly storage: ReturnType<typeof useAzurite>;
  /** What the host and the app have logged. */
  readonly log: readonly string[];
  /** A request with the portal's key, unless the headers say otherwise. The answer is held to the OpenAPI document. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** A POST of JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A record as if the engine had brought it that far. */
  stored(change: Partial<RequestRecord>): Promise<RequestRecord>;
}

type Settings = Readonly<Record<string, string>>;

/**
 * The app's HTTP API on the local host, with a storage of its own. @param connection the app's, where it shall be another.
 * @param settings more of the app's, or what gets them before the host starts; `TEST_APP` is the file of the app.
 */
export function useApi(connection?: string, settings: Settings | (() => Promise<Settings>) = {}): TestApi {
  const storage = useAzurite();
  const log: string[] = [];
  let host: RunningHost;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsr-api-'));
    const more = typeof settings === 'function' ? await settings() : settings;
    host = await startHost({
      appRoot: ROOT,
      entry: [entryOf(more.TEST_APP ?? 'http-only')],
      dataDirectory: folder,
      keys: { master: 'master-key', system: 'system-key', functionKeys: FUNCTION_KEYS },
      streamIdleMilliseconds: 5000,
      stopGraceMilliseconds: 200,
      log: (line) => log.push(line),
      settings: {
        AzureWebJobsStorage: connection ?? storage.connection,
        TARGETS: JSON.stringify(TARGETS),
        CALLERS: JSON.stringify(CALLERS),
        VISION_KEY: 'not-a-secret',
        DSR_REQUESTS_PER_MINUTE: '600000',
        ...more,
      },
    });
  });
  afterAll(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const call: TestApi['call'] = async (path, init = {}) => {
    const headers = { 'x-functions-key': FUNCTION_KEYS.portal, ...Object.fromEntries(new Headers(init.headers)) };
    const answer = await fetch(`${host.url}/api/${path}`, { ...init, headers });
    expect(await deviations({ method: init.method ?? 'GET', path, answer })).toEqual([]);
    return answer;
  };
  return {
    get url() {
      return host.url;
    },
    storage,
    log,
    call,
    async stored(change) {
      const record = newRecord({ deadline: LATER, ...change });
      await recordStore(storage.storage).create(record);
      return record;
    },
    post: (path, body, headers) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
  };
}
