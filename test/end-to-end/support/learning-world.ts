import { createHash } from 'node:crypto';
import { findFile } from '../../../local/simulator/storage/find.ts';
import { signatureOf } from '../../../local/simulator/storage/links.ts';
import type {
  ExperimentationAccount,
  ExperimentationProject,
  HostingAccount,
  LearningWorkspace,
} from '../../../local/simulator/world/learning/model.ts';
import type { Person } from '../../../local/simulator/world/learning/place.ts';
import { type Artifact, containerOf, type Run } from '../../../local/simulator/world/learning/run-history.ts';
import type { World } from '../../../local/simulator/world/model.ts';
import type { Stage } from './stage.ts';
import { found } from './until.ts';

const named = <T extends { readonly name: string }>(all: ReadonlyMap<string, T>, name: string): T =>
  found(
    [...all.values()].find((one) => one.name === name),
    name,
  );

const learningOf = (stage: Stage) => stage.simulator.world.learning;

export const accountNamed = (stage: Stage, name: string): ExperimentationAccount =>
  named(learningOf(stage).experimentationAccounts, name);

export const hostingNamed = (stage: Stage, name: string): HostingAccount =>
  named(learningOf(stage).hostingAccounts, name);

export const workspaceNamed = (stage: Stage, name: string): LearningWorkspace =>
  named(learningOf(stage).workspaces, name);

/** One of the people in the world. */
export const personAt = (stage: Stage, index: number): Person => found(learningOf(stage).people[index], 'a person');

/** A project of an account, with the name of its workspace. */
export interface Placed {
  readonly workspace: string;
  readonly project: ExperimentationProject;
}

export const projectsOf = (account: ExperimentationAccount): Placed[] =>
  [...account.workspaces.values()].flatMap((workspace) =>
    [...workspace.projects.values()].map((project) => ({ workspace: workspace.name, project })),
  );

/** Stable key of an item: its family and the ids on the way to it. */
export const itemKey = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');

/** Artifacts of a project with the runs whose containers they lie in. */
export const artifactsOf = ({ history }: ExperimentationProject): { run: Run; artifact: Artifact }[] =>
  [...history.runs.values()].flatMap((run) =>
    [...history.artifacts.values()]
      .filter(({ container }) => container === containerOf(run))
      .map((artifact) => ({ run, artifact })),
  );

/** Families of which a project holds items, by the key of each: written here anew, from the world. */
const WITHIN: Readonly<Record<string, (placed: Placed, person: Person | undefined) => string[][]>> = {
  'exp-projects': () => [[]],
  'exp-runs': ({ project }) => [...project.history.runs.keys()].map((id) => [id]),
  'exp-experiments': ({ project }) => [...project.history.experiments.keys()].map((id) => [id]),
  'exp-run-metrics': ({ project }) => [...project.history.metrics.keys()].map((id) => [id]),
  'exp-run-artifacts': ({ project }) => artifactsOf(project).map(({ run, artifact }) => [run.id, artifact.path]),
  'exp-assets': ({ project }) => [...project.history.assets.keys()].map((id) => [id]),
  'exp-artifacts': ({ project }) => artifactsOf(project).map(({ artifact }) => [artifact.container, artifact.path]),
  'exp-notifications': ({ project }, person) =>
    [...project.history.jobs.values()]
      .filter(({ userObjectId }) => userObjectId === person?.objectId)
      .map(({ id }) => [id]),
};

/** Stable keys of all that a project holds now, by family; of notifications those of one person. */
export const projectKeys = (placed: Placed, person?: Person): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(WITHIN).map(([family, itemsOf]) => [
      family,
      itemsOf(placed, person)
        .map((item) => itemKey(family, placed.workspace, placed.project.name, ...item))
        .sort(),
    ]),
  );

/** Stable keys of all that an experimentation account holds now, by family. */
export function accountKeys(account: ExperimentationAccount, person?: Person): Record<string, string[]> {
  const each = projectsOf(account).map((placed) => projectKeys(placed, person));
  return {
    'exp-account': [itemKey('exp-account', account.name)],
    'exp-workspaces': [...account.workspaces.values()].map(({ name }) => itemKey('exp-workspaces', name)).sort(),
    ...Object.fromEntries(
      Object.keys(WITHIN).map((family) => [family, each.flatMap((keys) => keys[family] ?? []).sort()]),
    ),
  };
}

/** Stable keys of a hosting account and its registry, by family. */
export function hostingKeys({ name, registry }: HostingAccount): Record<string, string[]> {
  const { models, manifests, images, services } = registry;
  const held = { 'mm-models': models, 'mm-manifests': manifests, 'mm-services': services, 'mm-images': images };
  const keys = Object.entries(held).map(([family, items]) => [
    family,
    [...items.keys()].map((id) => itemKey(family, id)).sort(),
  ]);
  return { 'mm-account': [itemKey('mm-account', name)], ...Object.fromEntries(keys) };
}

/** SHA-256 of the bytes of every artifact, by the keys of both ways to it. */
export function artifactDigests(world: World, account: ExperimentationAccount): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { workspace, project } of projectsOf(account)) {
    for (const { run, artifact } of artifactsOf(project)) {
      const digest = digestOf(world, artifact.file);
      const way = [workspace, project.name] as const;
      digests.set(itemKey('exp-run-artifacts', ...way, run.id, artifact.path), digest);
      digests.set(itemKey('exp-artifacts', ...way, artifact.container, artifact.path), digest);
    }
  }
  return digests;
}

/** SHA-256 of the bytes of every model and of what belongs to manifests, by key. */
export function hostingDigests(world: World, { registry }: HostingAccount): Map<string, string> {
  const models = [...registry.models.values()].map(({ id, file }) => [itemKey('mm-models', id), file] as const);
  const manifests = [...registry.manifests.values()].map(
    ({ id, file }) => [itemKey('mm-manifests', id), file] as const,
  );
  return new Map([...models, ...manifests].map(([key, file]) => [key, digestOf(world, file)]));
}

/** A link to a file of the world, as good as those that the services give. */
export function linkTo(world: World, file: string): string {
  const expiry = '2099-01-01T00:00:00Z';
  const query = new URLSearchParams({ se: expiry, sig: signatureOf(world, file, expiry) });
  return `https://${world.blobHost}${file}?${query}`;
}

/** SHA-256 of a file of the world. */
export function digestOf(world: World, file: string): string {
  const content = found(findFile(world, file), file);
  const hash = createHash('sha256');
  for (const piece of content.bytes(0, content.size)) hash.update(piece);
  return hash.digest('hex');
}
