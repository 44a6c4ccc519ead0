import { z } from 'zod';
import { addJob, addRun } from './make-history.ts';
import { addModel } from './make-registry.ts';
import type { LearningWorld } from './model.ts';
import { historyOptionsSchema } from './options.ts';
import { type ArmPlace, type Person, seedOf } from './place.ts';
import type { RunHistory } from './run-history.ts';

const count = z.number().int().min(1).default(1);
const sizes = historyOptionsSchema.prefault({});
/** `account/workspace/project`, or a workspace of the successor by its name. */
const history = z.string();

/** Changes that people make in the Azure ML services while the app works. */
export const learningChanges = [
  /** By a person given by object id, or by nobody. */
  z.object({ change: z.literal('addRuns'), history, count, objectId: z.string().optional(), sizes }),
  z.object({ change: z.literal('addJobs'), history, count, objectId: z.string(), sizes }),
  /** To a hosting account, or a workspace of the successor, by its name. */
  z.object({ change: z.literal('addModels'), account: z.string(), count }),
] as const;

const learningChangeSchema = z.discriminatedUnion('change', learningChanges);

export type LearningChange = z.output<typeof learningChangeSchema>;

/** Makes the change and returns the ids that it made. Throws on an unknown place or person. */
export function changeLearning(learning: LearningWorld, seed: string, change: LearningChange): string[] {
  const times = Array.from({ length: change.count });
  switch (change.change) {
    case 'addRuns': {
      const plan = { ...planOf(learning, seed, change.history), sizes: change.sizes };
      const person = change.objectId === undefined ? undefined : personOf(learning, change.objectId);
      return times.map(() => addRun(plan, person).id);
    }
    case 'addJobs': {
      const plan = { ...planOf(learning, seed, change.history), sizes: change.sizes };
      return times.map(() => addJob(plan, personOf(learning, change.objectId)));
    }
    case 'addModels':
      return addModels(learning, seed, change);
  }
}

function addModels(
  learning: LearningWorld,
  seed: string,
  wished: { readonly account: string; readonly count: number },
): string[] {
  const hosting = named(learning.hostingAccounts, wished.account);
  const place = hosting ?? named(learning.workspaces, wished.account);
  if (!place) throw new Error(`No account ${wished.account}`);
  const { people, files } = learning;
  const common = { seed: seedOf(seed, place), people, files, created: place.created, runIds: [] };
  const registry = hosting?.registry ?? { ...place.registry, manifests: new Map() };
  const modelSizes = { models: 0, manifests: 0, images: 0, services: 0, modelBytes: 1_500 };
  const plan = { ...common, registry, sizes: modelSizes, ids: hosting ? ('uuid' as const) : ('versioned' as const) };
  return Array.from({ length: wished.count }, () => addModel(plan).id);
}

interface HistoryHome {
  readonly seed: string;
  readonly history: RunHistory;
  readonly people: readonly Person[];
  readonly files: LearningWorld['files'];
  readonly created: number;
}

function planOf(learning: LearningWorld, seed: string, path: string): HistoryHome {
  const [first = '', workspaceName = '', projectName = ''] = path.split('/');
  const { people, files } = learning;
  const workspace = named(learning.workspaces, first);
  if (workspace && workspaceName === '') {
    const { created } = workspace;
    return { seed: seedOf(seed, workspace), history: workspace.history, people, files, created };
  }
  const account = named(learning.experimentationAccounts, first);
  const project = account?.workspaces.get(workspaceName.toLowerCase())?.projects.get(projectName.toLowerCase());
  if (!account || !project) throw new Error(`No run history ${path}`);
  const ownSeed = seedOf(seed, account, workspaceName, projectName);
  return { seed: ownSeed, history: project.history, people, files, created: account.created };
}

function personOf({ people }: LearningWorld, objectId: string): Person {
  const person = people.find((candidate) => candidate.objectId === objectId.toLowerCase());
  if (!person) throw new Error(`No person ${objectId}`);
  return person;
}

function named<Resource extends ArmPlace>(resources: ReadonlyMap<string, Resource>, name: string) {
  return [...resources.values()].find((resource) => resource.name.toLowerCase() === name.toLowerCase());
}
