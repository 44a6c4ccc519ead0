import { afterEach } from 'vitest';
import type { RunningSimulator, SimulatorOptions } from '../../../local/simulator/simulator.ts';
import type { Project, VisionResource } from '../../../local/simulator/world/model.ts';
import { startChecked } from './checked.ts';

const running: Pick<RunningSimulator, 'stop'>[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});

/** A simulator for one test: stopped after it, and every answer of it held against the specifications. No rate limit unless asked for. */
export async function start(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startChecked({ rateLimit: false, ...options });
  running.push(simulator);
  return simulator;
}

export function firstResource(simulator: RunningSimulator): VisionResource {
  const [resource] = simulator.world.resources;
  if (!resource) throw new Error('The world has no resource.');
  return resource;
}

export function firstProject(simulator: RunningSimulator): Project {
  return found([...firstResource(simulator).projects.values()][0]);
}

/** The value, which the test relies on. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Not there.');
  return value;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Asking {
  readonly method?: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks Custom Vision as the app does: through the gateway, with the first resource's first key; the path begins after `/training`. */
export async function ask(simulator: RunningSimulator, path: string, asking: Asking = {}): Promise<Reply> {
  const { host, keys } = firstResource(simulator);
  const headers = asking.headers ?? { 'Training-Key': keys[0] };
  return fetchReply(`${simulator.url}/customvision/v${asking.version ?? '3.3'}/training${path}`, {
    method: asking.method ?? 'GET',
    headers: { 'X-Forwarded-Host': host, ...headers },
    ...(asking.body !== undefined && { body: asking.body }),
  });
}

/** Opens a link that an answer gave, through the gateway. */
export async function open(
  simulator: RunningSimulator,
  link: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { host, pathname, search } = new URL(link);
  return fetch(simulator.url + pathname + search, { headers: { 'X-Forwarded-Host': host, ...headers } });
}

export async function fetchReply(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
