import { randomFrom } from '../../seeded.ts';
import { registerAsAssets } from './make-asset-models.ts';
import { makeExperimentation } from './make-experimentation.ts';
import { fillHistory } from './make-history.ts';
import { makeCluster, makeComputes } from './make-infrastructure.ts';
import { fillRegistry } from './make-registry.ts';
import type { LearningWorkspace, LearningWorld } from './model.ts';
import type { HistorySizes, LearningSizes, ModelManagementSizes, PlaceWishes, SuccessorSizes } from './options.ts';
import { type ArmPlace, keyOf, type Person, regionOf, seedOf } from './place.ts';
import { emptyRegistry } from './registry.ts';
import { emptyHistory } from './run-history.ts';

/** 1 March 2018: everything here begins a year before the Custom Vision part of the world. */
export const learningEpoch = Date.UTC(2018, 2, 1, 8, 0, 0);
const day = 86_400_000;

const defaultPeople: readonly Person[] = [
  { objectId: '7c0d2f6e-1b7a-4c55-9d3e-2f1a6b8c9d01', upn: 'ada@contoso.example', name: 'Ada Lovelace' },
  { objectId: 'b3a1c9d4-5e6f-4a2b-8c7d-9e0f1a2b3c02', upn: 'grace@contoso.example', name: 'Grace Hopper' },
  { objectId: 'e5f4d3c2-b1a0-4f9e-8d7c-6b5a4f3e2d03', upn: 'žofie@contoso.example', name: 'Žofie Nováková' },
];

/** Makes the Azure Machine Learning part of a world: equal seed and sizes give equal worlds. */
export function makeLearning(seed: string, sizes: LearningSizes): LearningWorld {
  const random = randomFrom(`${seed}/learning`);
  const learning: LearningWorld = {
    people: sizes.people ?? defaultPeople,
    tenantId: random.uuid(),
    resourceGroups: new Set(),
    deniedScopes: [...sizes.deniedScopes],
    hostingAccounts: new Map(),
    experimentationAccounts: new Map(),
    clusters: new Map(),
    workspaces: new Map(),
    files: new Map(),
    operations: new Map(),
  };
  for (const [index, own] of sizes.experimentation.entries()) {
    const place = placeOf(learning, own, `experiments${index + 1}`);
    const account = makeExperimentation(
      { seed, place, people: learning.people, files: learning.files },
      own.workspaces,
    );
    learning.experimentationAccounts.set(keyOf(place), account);
  }
  for (const [index, own] of sizes.modelManagement.entries()) {
    addHosting(learning, placeOf(learning, own, `hosting-${index + 1}`), { seed, own });
  }
  for (const [index, own] of sizes.computeWorkspaces.entries()) {
    const workspace = addWorkspace(learning, placeOf(learning, own, `computes-${index + 1}`), seed);
    makeComputes(workspace, own.computes);
  }
  for (const [index, own] of sizes.clusters.entries()) {
    const place = placeOf(learning, own, `cluster-${index + 1}`);
    const cluster = makeCluster(place, own.secretInClear, seed);
    learning.clusters.set(keyOf(place), cluster);
    learning.resourceGroups.add(`${place.subscriptionId}/${cluster.managedResourceGroup}`.toLowerCase());
  }
  for (const [index, own] of sizes.successor.entries()) {
    addSuccessor(learning, placeOf(learning, own, `successor-${index + 1}`), { seed, own });
  }
  return learning;
}

interface Wish<Sizes> {
  readonly seed: string;
  readonly own: Sizes;
}

function addHosting(learning: LearningWorld, place: ArmPlace, { seed, own }: Wish<ModelManagementSizes>): void {
  const registry = emptyRegistry();
  const { people, files } = learning;
  const common = { people, files, created: place.created, runIds: [], ids: 'uuid' as const };
  fillRegistry({ seed: seedOf(seed, place), registry, sizes: own, ...common });
  learning.hostingAccounts.set(keyOf(place), {
    ...place,
    description: 'Hosting account made by the simulator',
    dataHost: own.dataHost ?? `${regionOf(place)}.modelmanagement.azureml.net`,
    tellsHost: own.tellsHost,
    registry,
  });
}

function addSuccessor(learning: LearningWorld, place: ArmPlace, { seed, own }: Wish<SuccessorSizes>): void {
  const workspace = addWorkspace(learning, place, seed);
  makeComputes(workspace, own.computes);
  const { people, files } = learning;
  const common = { seed: seedOf(seed, place), people, files, created: place.created };
  const sizes: HistorySizes = own;
  fillHistory({ ...common, history: workspace.history, sizes });
  const runIds = [...workspace.history.runs.keys()];
  const registry = { ...workspace.registry, manifests: new Map() };
  fillRegistry({ ...common, registry, sizes: { ...own, manifests: 0 }, runIds, ids: 'versioned' });
  registerAsAssets({ seed: common.seed, files, workspace }, own.assetModels);
}

function addWorkspace(learning: LearningWorld, place: ArmPlace, seed: string): LearningWorkspace {
  const { models, images, services, made } = emptyRegistry();
  const workspace: LearningWorkspace = {
    ...place,
    workspaceId: randomFrom(seedOf(seed, place)).uuid(),
    friendlyName: `Studio „${place.name}“`,
    description: 'Made by the simulator',
    computes: new Map(),
    history: emptyHistory(),
    registry: { models, images, services, made },
  };
  learning.workspaces.set(keyOf(place), workspace);
  return workspace;
}

function placeOf(learning: LearningWorld, wish: PlaceWishes, otherwise: string): ArmPlace {
  const { subscriptionId, resourceGroup, location, name = otherwise } = wish;
  learning.resourceGroups.add(`${subscriptionId}/${resourceGroup}`.toLowerCase());
  const created = learningEpoch + learning.resourceGroups.size * day;
  return { subscriptionId, resourceGroup, name, location, tags: { costCentre: '4711' }, created };
}
