import { binaryContent } from '../content/binary.ts';
import type { GeneratedContent } from '../content/content.ts';
import { type PictureSource, pictureContent } from '../content/png.ts';
import { archiveContent } from '../content/zip.ts';
import { asUuid } from '../seeded.ts';
import { compact } from '../world/make-iteration.ts';
import type { Image, Project, StoredPrediction, World } from '../world/model.ts';

/** Forms of a picture: original, resized, thumbnail; the letter stands in the path, as recorded. */
export type PictureForm = 'o' | 'r' | 't';

/** Path of a training image on the blob host. */
export function imagePath(project: Project, image: Pick<Image, 'id'>, form: PictureForm): string {
  return `/i-${compact(project.id)}/${form}-${compact(image.id)}`;
}

/** Path of a stored prediction's image. */
export function predictionPath(project: Project, prediction: Pick<StoredPrediction, 'id'>, form: PictureForm): string {
  return `/e-${compact(project.id)}/${form}-${compact(prediction.id)}`;
}

/** The file behind a path, or undefined when nothing upstream holds it any longer. An image lives while workspace or any iteration has it. */
export function findFile(world: World, path: string): GeneratedContent | undefined {
  for (const resource of world.resources) {
    const exported = resource.exportedFiles.get(path);
    if (exported) return archiveContent(`${world.seed}${exported.seed}`, exported.bytes);
  }
  const stored = world.learning.files.get(path);
  if (stored) return binaryContent(stored);
  const [, kind, projectDigits = '', form = '', digits = ''] =
    /^\/([ie])-([0-9a-f]{32})\/([ort])-([0-9a-f]{32})$/.exec(path) ?? [];
  const project = kind && findProject(world, dashed(projectDigits));
  if (!project) return undefined;
  const held = kind === 'e' ? project.predictions.get(dashed(digits)) : findImage(project, dashed(digits));
  return held && pictureContent(sourceOf(world, held, form));
}

/** The original bytes of a training image or a stored prediction. */
export function originalOf(world: World, held: Image | StoredPrediction): GeneratedContent {
  return pictureContent(sourceOf(world, held, 'o'));
}

function sourceOf(world: World, held: Image | StoredPrediction, form: string): PictureSource {
  const { width, height, bytes } = held;
  const original = form === 'o';
  return { seed: `${world.seed}/${held.id}/${form}`, size: original ? bytes : Math.min(bytes, 600), width, height };
}

function findProject(world: World, id: string): Project | undefined {
  for (const resource of world.resources) {
    const project = resource.projects.get(id);
    if (project) return project;
  }
  return undefined;
}

function findImage(project: Project, id: string): Image | undefined {
  const sets = [project.workspace, ...[...project.iterations.values()].map((iteration) => iteration.trainingSet)];
  return sets.map((set) => set.images.get(id)).find((image) => image !== undefined);
}

/** Ids in this world are all made by `asUuid`, so their dashes can be put back. */
function dashed(digits: string): string {
  return asUuid(digits);
}
