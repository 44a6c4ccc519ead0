import type fc from 'fast-check';
import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import { snapshotOf, type WorldSnapshot } from '../../../../local/simulator/world/snapshot.ts';
import { imageDigests, keysOf, NOT_ASKED } from '../../../end-to-end/support/expected.ts';
import { accountKeys, artifactDigests, hostingKeys } from '../../../end-to-end/support/learning-world.ts';
import { found } from '../../../end-to-end/support/until.ts';
import type { Stage, StageOptions } from './stage.ts';
import { type Named, projects, registries, renameAccount, renameRegistry, renameVision, workspaces } from './worlds.ts';

type Keys = Readonly<Record<string, readonly string[]>>;

/** One kind of target: its worlds, each beside a neighbour, and what a request about such a target must find and leave. */
export interface Kind {
  readonly kind: string;
  readonly worlds: fc.Arbitrary<WorldOptions>;
  /** Empty, and with one item. */
  readonly examples: readonly WorldOptions[];
  readonly stage: Pick<StageOptions, 'managed'>;
  rename(stage: Stage, named: Named): void;
  /** Stable keys of all that the target holds now, by family. */
  keys(stage: Stage): Keys;
  /** What an export says of families that the target doesn't have. */
  readonly absent: Keys;
  /** What only a person can erase. */
  readonly byHand: readonly string[];
  /** SHA-256 of the bytes behind items, by key. */
  digests(stage: Stage): ReadonlyMap<string, string>;
  /** What the world holds besides the target. */
  neighbours(stage: Stage): unknown;
  /** What is left where the target was, of what the app can erase. */
  left(stage: Stage): readonly unknown[];
}

const OWN = 'generated';
const own = <T extends { readonly name: string }>(all: Iterable<T>): T =>
  found([...all].find(({ name }) => name === OWN));
const others = <T extends { readonly path: string }>(all: readonly T[]): T[] => all.filter(({ path }) => path !== OWN);
const behaviour = { pageSize: 2 };
const learningOf = (stage: Stage) => stage.simulator.world.learning;
const NOTHING = { absent: {}, byHand: [] };

function besides(stage: Stage): WorldSnapshot {
  const { resources, learning } = snapshotOf(stage.simulator.world);
  const { experimentationAccounts, hostingAccounts } = learning;
  return {
    resources: resources.filter(({ name }) => name !== OWN),
    learning: {
      ...learning,
      experimentationAccounts: others(experimentationAccounts),
      hostingAccounts: others(hostingAccounts),
      // Files behind links are storage's, and counted all together.
      files: 0,
    },
  };
}

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
  digests: () => new Map(),
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

export const KINDS: readonly Kind[] = [experimentation, modelManagement, vision];
