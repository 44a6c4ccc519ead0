import { type Random, randomFrom } from '../../seeded.ts';
import type { StoredFile } from './file.ts';
import { titleOf } from './names.ts';
import type { Person } from './place.ts';
import type { Manifest, ModelRegistry, RegisteredModel } from './registry.ts';

/** What a registry is made with. */
export interface RegistryPlan {
  readonly seed: string;
  readonly registry: ModelRegistry;
  readonly sizes: {
    readonly models: number;
    readonly manifests: number;
    readonly images: number;
    readonly services: number;
    readonly modelBytes: number;
    readonly ownedModels?: number;
  };
  readonly people: readonly Person[];
  readonly files: Map<string, StoredFile>;
  readonly created: number;
  /** Runs that models come from, in turn. */
  readonly runIds: readonly string[];
  /** `uuid` for Model Management; `versioned` (`name:3`) for the successor. */
  readonly ids: 'uuid' | 'versioned';
}

const second = 1_000;

/** Fills an empty registry: each manifest takes a model, each image a manifest (or a model), each service an image. */
export function fillRegistry(plan: RegistryPlan): void {
  const { registry, sizes, created } = plan;
  const random = randomFrom(`${plan.seed}/registry`);
  for (let index = 0; index < sizes.models; index += 1) addModel(plan);
  const models = [...registry.models.values()];
  for (let index = 0; index < sizes.manifests; index += 1) addManifest(plan, models[index % models.length], random);
  const manifests = [...registry.manifests.values()];
  for (let index = 0; index < sizes.images; index += 1) {
    const manifest = manifests[index % manifests.length] ?? null;
    const modelIds = manifest?.modelIds ?? models.slice(index % models.length).map(({ id }) => id);
    const id = newId(plan, random, `image-${index + 1}:1`);
    const image = { id, created: created + index * second, name: `image-${index + 1}`, version: 1, manifest };
    registry.images.set(id, { ...image, modelIds: modelIds.slice(0, 1) });
  }
  const images = [...registry.images.values()];
  for (let index = 0; index < sizes.services; index += 1) {
    const image = images[index % images.length];
    const name = `service-${index + 1}`;
    const id = newId(plan, random, name);
    const state = index % 4 === 3 ? 'Failed' : 'Succeeded';
    const uses = { imageId: image?.id ?? null, modelIds: image?.modelIds ?? [] };
    registry.services.set(id, { id, created: created + index * second, name, state, ...uses });
  }
}

/** Registers one more model and returns it. */
export function addModel(plan: RegistryPlan): RegisteredModel {
  const { registry, seed, people, files, runIds } = plan;
  const ordinal = registry.made.models;
  registry.made.models += 1;
  const created = plan.created + ordinal * second;
  const random = randomFrom(`${seed}/model ${ordinal}`);
  const version = Math.floor(ordinal / 2) + 1;
  const name = plan.ids === 'uuid' ? titleOf('model', ordinal % 2, true) : `model-${ordinal % 2}`;
  const file = `/l-${random.hex(32)}/model.zip`;
  const owner = people[ordinal % people.length]?.upn ?? null;
  const { ownedModels = 0, modelBytes } = plan.sizes;
  const model: RegisteredModel = {
    id: newId(plan, random, `${name}:${version}`),
    created,
    name,
    version,
    description: `Model number ${ordinal + 1}`,
    tags: ['churn', titleOf('tag', ordinal, true), ...(owner !== null && ordinal < ownedModels ? [owner] : [])],
    file,
    runId: runIds[ordinal % runIds.length] ?? null,
    owner,
  };
  files.set(file, { seed: `${seed}${file}`, bytes: modelBytes, mediaType: 'application/zip' });
  registry.models.set(model.id, model);
  return model;
}

function addManifest(plan: RegistryPlan, model: RegisteredModel | undefined, random: Random): void {
  const { registry, files, seed, created } = plan;
  const ordinal = registry.manifests.size;
  const file = `/l-${random.hex(32)}/score.py`;
  files.set(file, { seed: `${seed}${file}`, bytes: 300, mediaType: 'text/plain' });
  const name = titleOf('manifest', ordinal, true);
  const manifest: Manifest = {
    id: random.uuid(),
    created: created + ordinal * second,
    name,
    version: 1,
    modelIds: model ? [model.id] : [],
    file,
  };
  registry.manifests.set(manifest.id, manifest);
}

function newId(plan: RegistryPlan, random: Random, versioned: string): string {
  return plan.ids === 'uuid' ? random.uuid() : versioned;
}
