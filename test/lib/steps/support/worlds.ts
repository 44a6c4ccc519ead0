import fc from 'fast-check';
import type { ExperimentationAccount } from '../../../../local/simulator/world/learning/model.ts';
import type { ModelRegistry, SuccessorRegistry } from '../../../../local/simulator/world/learning/registry.ts';
import type { RunHistory } from '../../../../local/simulator/world/learning/run-history.ts';
import type { VisionResource } from '../../../../local/simulator/world/model.ts';

/* Worlds of every size, with names of every kind: what services allow people to write, and what breaks those who read it. */

const few = fc.constantFrom(0, 1, 3);

const history = fc.record({
  experiments: few,
  runs: few,
  artifactsPerRun: fc.constantFrom(0, 1, 3),
  metricsPerRun: fc.constantFrom(0, 2),
  assets: few,
  jobsPerPerson: fc.constantFrom(0, 1),
  anonymousRuns: fc.constantFrom(0, 1),
  dataContainers: fc.constantFrom('none' as const, 'half' as const, 'all' as const),
  artifactBytes: fc.constantFrom<number | [number, number]>(0, 1, [2, 900]),
  people: fc.constantFrom<number[]>([0], [0, 1]),
});
export const workspaces = fc.array(fc.record({ projects: fc.array(history, { maxLength: 2 }) }), { maxLength: 2 });

const modelBytes = fc.constantFrom(0, 1, 900);
export const registries = fc.record({ models: few, manifests: few, images: few, services: few, modelBytes });

/** Workspaces of the successor. */
export const successors = fc.record({
  experiments: fc.constantFrom(1, 3),
  runs: few,
  artifactsPerRun: fc.constantFrom(0, 1, 3),
  metricsPerRun: fc.constantFrom(0, 2),
  assets: few,
  anonymousRuns: fc.constantFrom(0, 1),
  dataContainers: fc.constantFrom('none' as const, 'half' as const, 'all' as const),
  artifactBytes: fc.constantFrom<number | [number, number]>(0, 1, [2, 900]),
  people: fc.constantFrom<number[]>([0], [0, 1]),
  ...{ models: few, images: few, services: few, modelBytes },
});

/** Names as the resource manager takes them. */
export const resourceNames = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}[A-Za-z0-9]$/);

const TYPES = ['AKS', 'BatchAI', 'DataFactory', 'VirtualMachine', 'HDInsight'] as const;
export const computeLists = fc.uniqueArray(fc.record({ name: resourceNames, type: fc.constantFrom(...TYPES) }), {
  maxLength: 4,
  selector: ({ name }) => name.toLowerCase(),
});

export const projects = fc.array(
  fc.record({
    tags: few,
    taggedImages: fc.constantFrom(0, 1, 5),
    untaggedImages: fc.nat(2),
    deletedImages: fc.nat(2),
    predictions: few,
    iterations: fc.record({ published: fc.nat(1), trained: fc.nat(2), untrained: fc.nat(1) }),
    exports: fc.nat(2),
    imageBytes: fc.constantFrom(0, 60),
  }),
  { maxLength: 2 },
);

/** Characters that mean something to URLs, paths, keys, JSON, HTML or shells, among those of any script. */
const character = fc.oneof(
  fc.constantFrom(...'/\\.%?#:@;,+&=!~\'"<>|*()[]{}$^` ', '..', '%2F', '%2e', '\t', 'é', 'e\u0301', '\u202E', '\u200B'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
);
/** Whatever people write; what could not even be a name of a file is left out, and told apart elsewhere (test/lib/plan/places.test.ts). */
const text = fc.string({ unit: character, minLength: 1, maxLength: 60 }).filter((one) => one !== '.' && one !== '..');
export const names = fc.uniqueArray(text, { minLength: 2, maxLength: 12 });

export type Named = (ordinal: number) => string;

/** Names in turn, each once: the first is the longest that there is. */
export const namedBy =
  (choices: readonly string[]): Named =>
  (ordinal) => {
    if (ordinal === 0) return LONGEST;
    const name = choices[ordinal % choices.length] ?? '';
    return ordinal <= choices.length ? name : `${name}~${ordinal}`;
  };

/** Of 300 characters. */
const LONGEST = `outputs/${'tief/größe 100%/'.repeat(18)}ende`.padEnd(300, 'n');

type Next = () => string;

/** Names for one list of things: the longest comes first in each. */
function inTurn(named: Named): Next {
  let ordinal = 0;
  return () => named(ordinal++);
}

/** Each thing in its place, changed. */
function eachOf<T>(things: Map<string, T>, named: Named, change: (thing: T, next: Next) => T): void {
  const next = inTurn(named);
  for (const [id, thing] of things) things.set(id, change(thing, next));
}

/** Gives what stands in a run history other names, and its artifacts other paths; ids stay. */
export function renameHistory(of: RunHistory, named: Named): void {
  eachOf(of.runs, named, (run, next) => ({ ...run, name: next() }));
  eachOf(of.experiments, named, (experiment, next) => {
    return { ...experiment, name: next(), description: next(), tags: { [next()]: next() } };
  });
  eachOf(of.assets, named, (asset, next) => ({ ...asset, name: next() }));
  const artifacts = [...of.artifacts.values()];
  of.artifacts.clear();
  const next = inTurn(named);
  for (const artifact of artifacts) {
    const path = next();
    const id = `${artifact.origin}/${artifact.container}/${path}`;
    of.artifacts.set(id, { ...artifact, id, path });
  }
}

export function renameAccount(account: ExperimentationAccount, named: Named): void {
  for (const workspace of account.workspaces.values())
    for (const project of workspace.projects.values()) renameHistory(project.history, named);
}

/** Models, images and services: what both registries hold. */
export function renameModels({ models, images, services }: SuccessorRegistry, named: Named): void {
  eachOf(models, named, (model, next) => ({ ...model, name: next(), description: next(), tags: [next()] }));
  eachOf(images, named, (image, next) => ({ ...image, name: next() }));
  eachOf(services, named, (service, next) => ({ ...service, name: next() }));
}

export function renameRegistry(registry: ModelRegistry, named: Named): void {
  renameModels(registry, named);
  eachOf(registry.manifests, named, (manifest, next) => ({ ...manifest, name: next() }));
}

export function renameVision(resource: VisionResource, named: Named): void {
  eachOf(resource.projects, named, (project, next) => {
    const { tags, images } = project.workspace;
    eachOf(tags, named, (tag, nextOf) => ({ ...tag, name: nextOf(), description: nextOf() }));
    eachOf(images, named, (image, nextOf) => ({ ...image, metadata: { [nextOf()]: nextOf() } }));
    const nextIteration = inTurn(named);
    for (const iteration of project.iterations.values()) iteration.name = nextIteration();
    return { ...project, name: next(), description: next() };
  });
}
