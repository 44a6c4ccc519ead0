import type { Random } from '../seeded.ts';
import type { Iteration, ModelExport, Project, TrainingSet, VisionResource, World } from './model.ts';
import type { ProjectSizes } from './options.ts';

export type IterationKind = 'published' | 'trained' | 'training' | 'untrained';

export interface IterationPlan {
  readonly world: World;
  readonly resource: VisionResource;
  readonly project: Project;
  readonly sizes: Pick<ProjectSizes, 'exports' | 'exporting' | 'exportBytes'>;
  readonly kind: IterationKind;
  readonly created: number;
  /** The share of the workspace's images that existed at training, oldest first. */
  readonly share: number;
}

const exportable = [
  { platform: 'TensorFlow', flavor: null },
  { platform: 'ONNX', flavor: 'ONNX12' },
  { platform: 'CoreML', flavor: null },
  { platform: 'DockerFile', flavor: 'Linux' },
] as const;

/** Adds an iteration to a project: a copy of the workspace's tags and of its oldest images, and exported models once trained. */
export function makeIteration(plan: IterationPlan, random: Random): Iteration {
  const { project, kind, created } = plan;
  const ready = kind === 'published' || kind === 'trained';
  const ordinal = project.iterations.size + 1;
  const iteration: Iteration = {
    id: random.uuid(),
    name: `Iteration ${ordinal}`,
    status: ready ? 'Completed' : kind === 'training' ? 'Training' : 'New',
    created,
    lastModified: created + 11_000,
    trainedAt: ready ? created + 10_000 : null,
    exportable: ready && plan.sizes.exports > 0,
    publishName: kind === 'published' ? `published-${ordinal}` : null,
    readsLeft: kind === 'training' ? plan.world.behaviour.readsUntilReady : 0,
    trainingSet: kind === 'untrained' ? { tags: new Map(), images: new Map() } : copyOf(project.workspace, plan.share),
    exports: [],
  };
  if (ready) fillExports(plan, iteration);
  project.iterations.set(iteration.id, iteration);
  return iteration;
}

/** An own copy of a training set. Images and tags themselves never change in place, so the objects are shared. */
export function copyOf(set: TrainingSet, share = 1): TrainingSet {
  const images = [...set.images].slice(0, Math.ceil(set.images.size * share));
  return { tags: new Map(set.tags), images: new Map(images) };
}

function fillExports({ world, project, resource, sizes }: IterationPlan, iteration: Iteration): void {
  for (const [index, { platform, flavor }] of exportable.slice(0, sizes.exports).entries()) {
    const ready = index < sizes.exports - sizes.exporting;
    const suffix = flavor === null ? platform : `${platform}.${flavor}`;
    const path = `/m-${compact(project.id)}/${compact(iteration.id)}.${suffix}.zip`;
    const entry: ModelExport = { platform, flavor, path, readsLeft: ready ? 0 : world.behaviour.readsUntilReady };
    iteration.exports.push(entry);
    resource.exportedFiles.set(path, { seed: path, bytes: sizes.exportBytes });
  }
}

/** An id as storage paths write it: without dashes. */
export function compact(id: string): string {
  return id.replaceAll('-', '');
}
