import fc from 'fast-check';
import type { ExperimentationAccount } from '../../../../local/simulator/world/learning/model.ts';
import type { ModelRegistry } from '../../../../local/simulator/world/learning/registry.ts';
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

export const registries = fc.record({ models: few, manifests: few, images: few, services: few });

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

/** Gives what stands in a run history other names, and its artifacts other paths; ids stay. */
function renameHistory(of: RunHistory, named: Named): void {
  let ordinal = 0;
  const next = (): string => named(ordinal++);
  for (const [id, run] of of.runs) of.runs.set(id, { ...run, name: next() });
  for (const [id, experiment] of of.experiments) {
    of.experiments.set(id, { ...experiment, name: next(), description: next(), tags: { [next()]: next() } });
  }
  for (const [id, asset] of of.assets) of.assets.set(id, { ...asset, name: next() });
  const artifacts = [...of.artifacts.values()];
  of.artifacts.clear();
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

export function renameRegistry({ models, manifests, images, services }: ModelRegistry, named: Named): void {
  let ordinal = 0;
  const next = (): string => named(ordinal++);
  for (const [id, model] of models) models.set(id, { ...model, name: next(), description: next(), tags: [next()] });
  for (const [id, manifest] of manifests) manifests.set(id, { ...manifest, name: next() });
  for (const [id, image] of images) images.set(id, { ...image, name: next() });
  for (const [id, service] of services) services.set(id, { ...service, name: next() });
}

export function renameVision(resource: VisionResource, named: Named): void {
  let ordinal = 0;
  const next = (): string => named(ordinal++);
  for (const [id, project] of resource.projects) {
    const { tags, images } = project.workspace;
    for (const [tagId, tag] of tags) tags.set(tagId, { ...tag, name: next(), description: next() });
    for (const [imageId, image] of images) images.set(imageId, { ...image, metadata: { [next()]: next() } });
    for (const iteration of project.iterations.values()) iteration.name = next();
    resource.projects.set(id, { ...project, name: next(), description: next() });
  }
}
