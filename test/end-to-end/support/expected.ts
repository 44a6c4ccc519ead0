import { createHash } from 'node:crypto';
import { originalOf } from '../../../local/simulator/storage/find.ts';
import type {
  Image,
  Iteration,
  Project,
  StoredPrediction,
  VisionResource,
  World,
} from '../../../local/simulator/world/model.ts';

/** Images of a project, wherever it still holds them, each once. */
export function imagesOf(project: Project): Map<string, Image> {
  const sets = [project.workspace, ...[...project.iterations.values()].map(({ trainingSet }) => trainingSet)];
  return new Map(sets.flatMap(({ images }) => [...images]));
}

const key = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');

const exportsOf = (project: Project, iteration: Iteration): string[] =>
  iteration.exports.map(({ platform, flavor }) =>
    key('cv-exported-models', project.id, iteration.id, `${platform}+${flavor ?? ''}`),
  );

/** Stable keys of everything that a resource holds now, by family: written here anew, from the world. */
export function keysOf(resource: VisionResource): Record<string, string[]> {
  const projects = [...resource.projects.values()];
  const each = (ids: (project: Project) => readonly string[]) => projects.flatMap(ids).sort();
  return {
    'cv-projects': each(({ id }) => [key('cv-projects', id)]),
    'cv-iterations': each(({ id, iterations }) => [...iterations.keys()].map((one) => key('cv-iterations', id, one))),
    'cv-tags': each(({ id, workspace }) => [...workspace.tags.keys()].map((one) => key('cv-tags', id, one))),
    'cv-images': each((project) => [...imagesOf(project).keys()].map((one) => key('cv-images', project.id, one))),
    'cv-predictions': each(({ id, predictions }) =>
      [...predictions.keys()].map((one) => key('cv-predictions', id, one)),
    ),
    'cv-exported-models': each((project) => [...project.iterations.values()].flatMap((one) => exportsOf(project, one))),
  };
}

/** The one line with which an export says that a target of version 3 has no account info to ask for. */
export const NOT_ASKED = { 'cv-account': ['cv-account'] };

/** Families whose items are erased by calls. */
export const ERASED = ['cv-projects', 'cv-iterations', 'cv-tags', 'cv-images', 'cv-predictions'] as const;

export const totalOf = (keys: Readonly<Record<string, readonly string[]>>): number => Object.values(keys).flat().length;

/** SHA-256 of the original bytes of every training image and every stored prediction's image, by key. */
export function imageDigests(world: World, resource: VisionResource): Map<string, string> {
  const digests = new Map<string, string>();
  for (const project of resource.projects.values()) {
    for (const [id, image] of imagesOf(project)) digests.set(key('cv-images', project.id, id), digestOf(world, image));
    for (const [id, held] of project.predictions) {
      digests.set(key('cv-predictions', project.id, id), digestOf(world, held));
    }
  }
  return digests;
}

function digestOf(world: World, held: Image | StoredPrediction): string {
  const content = originalOf(world, held);
  const hash = createHash('sha256');
  for (const piece of content.bytes(0, content.size)) hash.update(piece);
  return hash.digest('hex');
}
