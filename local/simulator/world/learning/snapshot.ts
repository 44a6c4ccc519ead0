import { createHash } from 'node:crypto';
import type { ExperimentationAccount, HostingAccount, LearningWorkspace, LearningWorld } from './model.ts';
import type { ModelRegistry } from './registry.ts';
import type { RunHistory } from './run-history.ts';

/** Numbers and a digest of something: equal digests mean that nothing of it changed. */
interface Digested {
  /** Names from the resource down, joined by slashes. */
  readonly path: string;
  readonly digest: string;
}

export interface HistorySnapshot extends Digested {
  readonly experiments: number;
  readonly runs: number;
  readonly metrics: number;
  readonly artifacts: number;
  readonly assets: number;
  readonly jobs: number;
}

export interface RegistrySnapshot extends Digested {
  readonly models: number;
  readonly manifests: number;
  readonly images: number;
  readonly services: number;
}

export interface LearningSnapshot {
  readonly experimentationAccounts: readonly (Digested & {
    readonly workspaces: readonly string[];
    readonly projects: readonly HistorySnapshot[];
  })[];
  readonly hostingAccounts: readonly RegistrySnapshot[];
  readonly workspaces: readonly (RegistrySnapshot & HistorySnapshot & { readonly computes: readonly string[] })[];
  readonly clusters: readonly Digested[];
  readonly resourceGroups: readonly string[];
  readonly files: number;
}

/** What the Azure ML services hold now, to be compared before and after. Deletions under way don't show until they are done. */
export function learningSnapshot(learning: LearningWorld): LearningSnapshot {
  return {
    experimentationAccounts: [...learning.experimentationAccounts.values()].map(accountSnapshot),
    hostingAccounts: [...learning.hostingAccounts.values()].map((account) => hostingSnapshot(account)),
    workspaces: [...learning.workspaces.values()].map(workspaceSnapshot),
    clusters: [...learning.clusters].map(([path, { deleting: _, ...cluster }]) => ({
      path,
      digest: digestOf([cluster]),
    })),
    resourceGroups: [...learning.resourceGroups],
    files: learning.files.size,
  };
}

/** Numbers and digest of one run history. Single runs can be compared as values: they never change in place. */
export function historySnapshot(path: string, history: RunHistory): HistorySnapshot {
  const { experiments, runs, metrics, artifacts, assets, jobs } = history;
  return {
    path,
    experiments: experiments.size,
    runs: runs.size,
    metrics: metrics.size,
    artifacts: artifacts.size,
    assets: assets.size,
    jobs: jobs.size,
    digest: digestOf([experiments, runs, metrics, artifacts, assets, jobs]),
  };
}

function accountSnapshot({ workspaces, ...own }: ExperimentationAccount) {
  const projects = [...workspaces.values()].flatMap((workspace) =>
    [...workspace.projects.values()].map(({ name, history }) =>
      historySnapshot(`${own.name}/${workspace.name}/${name}`, history),
    ),
  );
  return { path: own.name, digest: digestOf([own]), workspaces: [...workspaces.keys()], projects };
}

function hostingSnapshot({ registry, ...own }: HostingAccount): RegistrySnapshot {
  return registrySnapshot(own.name, registry, own);
}

function workspaceSnapshot({ registry, history, computes, ...own }: LearningWorkspace) {
  const held = registrySnapshot(own.name, { ...registry, manifests: new Map() }, own);
  const past = historySnapshot(own.name, history);
  const stable = [...computes.values()].map(({ deleting: _, ...compute }) => compute);
  const digest = digestOf([held.digest, past.digest, ...stable]);
  return { ...held, ...past, digest, computes: [...computes.keys()] };
}

function registrySnapshot(path: string, registry: ModelRegistry, own: object): RegistrySnapshot {
  const { models, manifests, images, services } = registry;
  return {
    path,
    models: models.size,
    manifests: manifests.size,
    images: images.size,
    services: services.size,
    digest: digestOf([own, models, manifests, images, services]),
  };
}

/** Hashed an item at a time; maps keep their order, which is part of the state. */
function digestOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (part instanceof Map) for (const item of part.values()) hash.update(`${JSON.stringify(item)}\n`);
    else hash.update(`${JSON.stringify(part)}\n`);
    hash.update('\n');
  }
  return hash.digest('hex');
}
