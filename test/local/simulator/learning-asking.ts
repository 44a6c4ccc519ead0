import { z } from 'zod';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import { fetchReply, type Reply } from './running.ts';

export const subscription = '5ba3e4c1-2d0f-4a7e-9c1b-0a6d8f2e7b43';
export const group = `/subscriptions/${subscription}/resourceGroups/learning`;
export const arm = 'https://management.azure.com';
export const experimentation = `${group}/providers/Microsoft.MachineLearningExperimentation/accounts`;
export const hosting = `${group}/providers/Microsoft.MachineLearningModelManagement/accounts`;

/** Base of one service of the first project's data plane. */
export function projectBase(service: 'history' | 'artifact' | 'notification', project = 'project1'): string {
  return `https://eastus2.experiments.azureml.net/${service}/v1.0${experimentation}/experiments1/workspaces/workspace1/projects/${project}`;
}

/** Base of the first hosting account's data plane. */
export const registryBase = `https://eastus2.modelmanagement.azureml.net/api${group}/accounts/hosting-1`;

/** Base of one data plane of the successor's first workspace. */
export function successorBase(plane: 'history/v1.0' | 'artifact/v2.0' | 'modelmanagement/v1.0'): string {
  return `https://eastus2.experiments.azureml.net/${plane}${group}/providers/Microsoft.MachineLearningServices/workspaces/successor-1`;
}

export interface LearningAsking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const tokens = new WeakMap<RunningSimulator, string>();

/** Signs in and calls a URL of the services as the app does: through the gateway. */
export async function askLearning(
  simulator: RunningSimulator,
  url: string,
  asking: LearningAsking = {},
): Promise<Reply> {
  const [, host = '', pathAndQuery = ''] = /^https:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const token = tokens.get(simulator) ?? (await tokenOf(simulator));
  tokens.set(simulator, token);
  const signedIn = { Authorization: `Bearer ${token}` };
  return fetchReply(`${simulator.url}${pathAndQuery}`, {
    method: asking.method ?? 'GET',
    headers: { 'X-Forwarded-Host': host, ...(asking.headers ?? signedIn) },
    ...(asking.body !== undefined && { body: JSON.stringify(asking.body) }),
  });
}

/** A token from the identity endpoint. */
export async function tokenOf(
  simulator: RunningSimulator,
  resource = 'https://management.azure.com/',
): Promise<string> {
  const { endpoint, header } = simulator.identity;
  const url = `${endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
  const { json } = await fetchReply(url, { headers: { 'X-IDENTITY-HEADER': header } });
  return z.object({ access_token: z.string() }).parse(json).access_token;
}

const pageSchema = z.looseObject({
  value: z.array(z.looseObject({})),
  nextLink: z.string().nullish(),
  continuationToken: z.string().nullish(),
});

/** All items of a list by its next links, and the sizes of the pages. */
export async function readAll(simulator: RunningSimulator, url: string) {
  const items: Record<string, unknown>[] = [];
  const pages: number[] = [];
  let next: string | null | undefined = url;
  while (next) {
    const { json } = await askLearning(simulator, next);
    const page = pageSchema.parse(json);
    items.push(...page.value);
    pages.push(page.value.length);
    next = page.nextLink;
  }
  return { items, pages };
}
