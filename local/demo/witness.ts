import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DemoFault } from './fault.ts';
import { type LearningHoldings, learningHoldings, learningSchema } from './learning-witness.ts';

const resourcesSchema = z.object({
  resources: z.array(z.object({ name: z.string(), keys: z.tuple([z.string(), z.string()]) })),
});
const identified = z.array(z.object({ id: z.string() }));
const imagesSchema = z.array(z.object({ id: z.string(), originalImageUri: z.url() }));
const snapshotSchema = z.object({
  pending: z.number(),
  learning: learningSchema,
  resources: z.array(z.object({ projects: z.array(z.object({ predictions: z.number() })), exportedFiles: z.number() })),
});

/** What lies upstream, as somebody sees it who doesn't use the app. */
export interface UpstreamHoldings {
  readonly resources: number;
  readonly projects: number;
  readonly iterations: number;
  readonly tags: number;
  /** Link to each image, whether the workspace has it or only an iteration. */
  readonly imageLinks: readonly string[];
  readonly predictions: number;
  /** Files of exported models. */
  readonly exportedModels: number;
  /** What the accounts of Azure ML hold. */
  readonly learning: LearningHoldings;
  /** Changes that were answered but haven't happened yet. */
  readonly pending: number;
}

/**
 * Lists everything of Custom Vision with calls of its own, by key, page by page. Of stored predictions and Azure ML, the simulator
 * tells what it holds.
 */
export async function lookUpstream(simulatorUrl: string): Promise<UpstreamHoldings> {
  const { resources } = resourcesSchema.parse(await readJson(`${simulatorUrl}/_simulator`));
  const snapshot = snapshotSchema.parse(await readJson(`${simulatorUrl}/_simulator/snapshot`));
  const links = new Map<string, string>();
  let [projects, iterations, tags] = [0, 0, 0];
  for (const { keys } of resources) {
    const reader = readerOf(simulatorUrl, keys[1]);
    for (const project of identified.parse(await reader('/projects'))) {
      projects += 1;
      tags += identified.parse(await reader(`/projects/${project.id}/tags`)).length;
      const versions = identified.parse(await reader(`/projects/${project.id}/iterations`));
      iterations += versions.length;
      const queries = ['', ...versions.map(({ id }) => `&iterationId=${id}`)];
      for (const query of queries) await gatherLinks(links, reader, `/projects/${project.id}/images?take=256${query}`);
    }
  }
  const predictions = snapshot.resources
    .flatMap((resource) => resource.projects)
    .reduce((sum, project) => sum + project.predictions, 0);
  const exportedModels = snapshot.resources.reduce((sum, { exportedFiles }) => sum + exportedFiles, 0);
  return {
    resources: resources.length,
    projects,
    iterations,
    tags,
    imageLinks: [...links.values()],
    predictions,
    exportedModels,
    learning: learningHoldings(snapshot.learning),
    pending: snapshot.pending,
  };
}

/** How many of the links still lead to bytes. A link to something gone answers 404. */
export async function liveLinks(links: readonly string[]): Promise<number> {
  let live = 0;
  for (const link of links) {
    const response = await fetch(link);
    await response.body?.cancel();
    if (response.ok) live += 1;
    else if (response.status !== 404) throw new DemoFault(`A link to an image answered ${response.status}.`);
  }
  return live;
}

type Reader = (path: string) => Promise<unknown>;

/** The second key of a resource has a rate limit of its own, so that looking doesn't slow the app down. */
const readerOf =
  (simulatorUrl: string, key: string): Reader =>
  (path) =>
    readJson(`${simulatorUrl}/customvision/v3.3/training${path}`, { 'Training-Key': key });

async function gatherLinks(links: Map<string, string>, reader: Reader, path: string): Promise<void> {
  for (let skip = 0; ; ) {
    const page = imagesSchema.parse(await reader(`${path}&skip=${skip}`));
    if (page.length === 0) return;
    for (const { id, originalImageUri } of page) links.set(id, originalImageUri);
    skip += page.length;
  }
}

/** Waits as long as a 429 asks for. */
async function readJson(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  for (;;) {
    const response = await fetch(url, { headers });
    if (response.ok) return response.json();
    await response.body?.cancel();
    if (response.status !== 429) throw new DemoFault(`The simulator answered ${response.status} to ${url}.`);
    await pause(Number(response.headers.get('retry-after') ?? 1) * 1000);
  }
}
