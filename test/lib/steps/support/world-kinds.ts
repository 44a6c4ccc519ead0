import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import { imageDigests, keysOf, NOT_ASKED } from '../../../end-to-end/support/expected.ts';
import {
  accountKeys,
  artifactDigests,
  hostingDigests,
  hostingKeys,
} from '../../../end-to-end/support/learning-world.ts';
import { clusters, computes } from './infrastructure-kinds.ts';
import { behaviour, besides, type Kind, learningOf, NOTHING, OWN, own } from './kind.ts';
import { successor } from './successor-kind.ts';
import { projects, registries, renameAccount, renameRegistry, renameVision, workspaces } from './worlds.ts';

const accountWith = (own: object[]): WorldOptions => ({
  experimentation: [{ name: 'neighbour' }, { name: OWN, workspaces: own }],
  behaviour,
});
const oneRun = { runs: 1, experiments: 0, artifactsPerRun: 0, metricsPerRun: 0, assets: 0, jobsPerPerson: 0 };

const experimentation: Kind = {
  kind: 'an experimentation account',
  worlds: workspaces.map(accountWith),
  examples: [accountWith([]), accountWith([{ projects: [oneRun] }])],
  stage: { managed: { kind: 'experimentation', account: OWN } },
  rename: (stage, named) => renameAccount(own(learningOf(stage).experimentationAccounts.values()), named),
  keys: (stage) => accountKeys(own(learningOf(stage).experimentationAccounts.values()), learningOf(stage).people[0]),
  digests: (stage) => artifactDigests(stage.simulator.world, own(learningOf(stage).experimentationAccounts.values())),
  neighbours: besides,
  left: (stage) => [...learningOf(stage).experimentationAccounts.values()].filter(({ name }) => name === OWN),
  ...NOTHING,
};

const hostingWith = (sizes: object): WorldOptions => ({
  modelManagement: [{ name: 'neighbour' }, { name: OWN, ...sizes }],
  behaviour,
});
const NO_MODELS = { models: 0, manifests: 0, images: 0, services: 0 };

const modelManagement: Kind = {
  kind: 'a model management account',
  worlds: registries.map(hostingWith),
  examples: [hostingWith(NO_MODELS), hostingWith({ ...NO_MODELS, models: 1 })],
  stage: { managed: { kind: 'model-management', account: OWN } },
  rename: (stage, named) => renameRegistry(own(learningOf(stage).hostingAccounts.values()).registry, named),
  keys: (stage) => hostingKeys(own(learningOf(stage).hostingAccounts.values())),
  digests: (stage) => hostingDigests(stage.simulator.world, own(learningOf(stage).hostingAccounts.values())),
  neighbours: besides,
  left: (stage) => [...learningOf(stage).hostingAccounts.values()].filter(({ name }) => name === OWN),
  ...NOTHING,
};

const visionWith = (sizes: object[]): WorldOptions => ({
  resources: [
    { name: OWN, projects: sizes },
    { name: 'neighbour', host: 'neighbour.cognitiveservices.azure.com' },
  ],
});
const NO_IMAGES = { tags: 0, taggedImages: 0, untaggedImages: 0, deletedImages: 0 };
const oneImage = { ...NO_IMAGES, untaggedImages: 1, iterations: { published: 0, trained: 0 }, exports: 0 };

const vision: Kind = {
  kind: 'a Custom Vision resource',
  worlds: projects.map(visionWith),
  examples: [visionWith([]), visionWith([oneImage])],
  stage: {},
  rename: ({ resource }, named) => renameVision(resource, named),
  keys: ({ resource }) => keysOf(resource),
  absent: NOT_ASKED,
  byHand: ['cv-exported-models'],
  digests: ({ simulator, resource }) => imageDigests(simulator.world, resource),
  neighbours: besides,
  left: ({ resource }) => [...resource.projects.values()],
};

export const KINDS: readonly Kind[] = [experimentation, modelManagement, vision, successor, computes, clusters];
