import { type Random, randomFrom } from '../seeded.ts';
import { makeImage } from './make-image.ts';
import { type IterationKind, makeIteration } from './make-iteration.ts';
import type { Project, StoredPrediction, Tag, TrainingSet, VisionResource, World } from './model.ts';
import type { ProjectSizes } from './options.ts';

/** General and General (compact), as recorded; their counterparts for object detection. */
const domains = {
  classification: 'ee85a74c-405e-4adc-bb47-ffa8ca0c9f31',
  compact: '0732100f-1a38-4e49-a514-c9b44c697ab5',
  detection: 'da2e3a8a-40a5-4171-82f4-58522f70fbc1',
  compactDetection: 'a27d5ca5-bb19-49d8-a70a-fec086c47f5b',
};

/** Every world begins here, so that dates follow from the seed. */
const epoch = Date.UTC(2019, 2, 21, 8, 0, 0);
const day = 86_400_000;
const minute = 60_000;

/** Names with quotes, commas and other scripts: whatever reads them must cope. */
const tagNames = ['Hemlock', 'Japanese Cherry', 'Ümlaut & “quote”', '山田, 太郎', 'a/b\\c', '<b>tag</b>'];

export interface ProjectPlan {
  readonly world: World;
  readonly resource: VisionResource;
  readonly sizes: ProjectSizes;
}

/** Adds a project of the given sizes to a resource and returns it. */
export function makeProject({ world, resource, sizes }: ProjectPlan): Project {
  const ordinal = resource.projectsMade;
  resource.projectsMade += 1;
  const random = randomFrom(`${world.seed}/${resource.name}/project ${ordinal}`);
  const created = epoch + ordinal * day;
  const detection = ordinal % 2 === 1;
  const project: Project = {
    id: random.uuid(),
    name: sizes.name ?? `Project ${ordinal + 1}`,
    description: random.pick(['Made by the simulator', '', null]),
    domainId: domainOf(detection, sizes.exports > 0),
    detection,
    created,
    lastModified: created + 3 * 3_600_000,
    drModeEnabled: sizes.drModeEnabled,
    workspaceId: random.uuid(),
    workspace: { tags: new Map(), images: new Map() },
    iterations: new Map(),
    predictions: new Map(),
  };
  fillTags(project.workspace, random, sizes.tags);
  fillImages(project, random, sizes);
  fillIterations({ world, resource, project, sizes }, random);
  dropDeletedImages(project, sizes);
  fillPredictions(project, random, sizes);
  resource.projects.set(project.id, project);
  return project;
}

/** Only compact domains give models that can be exported. */
function domainOf(detection: boolean, compact: boolean): string {
  if (detection) return compact ? domains.compactDetection : domains.detection;
  return compact ? domains.compact : domains.classification;
}

function fillTags(set: TrainingSet, random: Random, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = tagNames[index] ?? `Tag ${index + 1}`;
    const tag: Tag = { id: random.uuid(), name, description: index % 2 ? `About ${name}` : null, type: 'Regular' };
    set.tags.set(tag.id, tag);
  }
}

function fillImages(project: Project, random: Random, sizes: ProjectSizes): void {
  const total = sizes.taggedImages + sizes.untaggedImages + sizes.deletedImages;
  for (let index = 0; index < total; index += 1) {
    const tagged = index < sizes.taggedImages || index >= sizes.taggedImages + sizes.untaggedImages;
    const created = project.created + minute + Math.floor((index * 60 * minute) / total);
    const image = makeImage(project, random, { created, tagged, sizes });
    project.workspace.images.set(image.id, image);
  }
}

function fillIterations(plan: ProjectPlan & { readonly project: Project }, random: Random): void {
  const { published, trained, training, untrained } = plan.sizes.iterations;
  const kinds: IterationKind[] = [
    ...Array<IterationKind>(published).fill('published'),
    ...Array<IterationKind>(trained).fill('trained'),
    ...Array<IterationKind>(training).fill('training'),
    ...Array<IterationKind>(untrained).fill('untrained'),
  ];
  for (const [index, kind] of kinds.entries()) {
    const share = Math.min(1, (index + 1) / (kinds.length - untrained));
    makeIteration({ ...plan, kind, share, created: plan.project.created + (90 + index * 5) * minute }, random);
  }
}

/** The newest images leave the workspace; iterations trained before keep their copies. */
function dropDeletedImages(project: Project, sizes: ProjectSizes): void {
  const ids = [...project.workspace.images.keys()];
  for (const id of ids.slice(ids.length - sizes.deletedImages)) project.workspace.images.delete(id);
}

function fillPredictions(project: Project, random: Random, sizes: ProjectSizes): void {
  const iterationId = [...project.iterations.keys()][0] ?? project.workspaceId;
  const tags = [...project.workspace.tags.values()];
  for (let index = 0; index < sizes.predictions; index += 1) {
    const picture = makeImage(project, random, { created: 0, tagged: false, sizes });
    const prediction: StoredPrediction = {
      id: picture.id,
      iterationId,
      created: project.created + 100 * minute + index * 1_000,
      width: picture.width,
      height: picture.height,
      bytes: picture.bytes,
      scores: tags.map((tag) => ({ tagId: tag.id, tagName: tag.name, probability: random.next() ** 20 })),
    };
    project.predictions.set(prediction.id, prediction);
  }
}
