import { createHash } from 'node:crypto';
import { type LearningSnapshot, learningSnapshot } from './learning/snapshot.ts';
import type { Project, TrainingSet, World } from './model.ts';

/** Numbers and a digest of one project: equal digests mean that nothing of it changed. */
export interface ProjectSnapshot {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly tags: number;
  readonly images: number;
  readonly iterations: number;
  /** Images held by any iteration, each counted once. */
  readonly iterationImages: number;
  readonly predictions: number;
}

export interface WorldSnapshot {
  readonly resources: readonly {
    readonly name: string;
    readonly host: string;
    readonly projects: readonly ProjectSnapshot[];
    readonly exportedFiles: number;
  }[];
  readonly learning: LearningSnapshot;
}

/** What the world holds now, to be compared before and after: everything that calls can change, nothing that time changes. */
export function snapshotOf(world: World): WorldSnapshot {
  return {
    resources: world.resources.map(({ name, host, projects, exportedFiles }) => ({
      name,
      host,
      projects: [...projects.values()].map(projectSnapshot),
      exportedFiles: exportedFiles.size,
    })),
    learning: learningSnapshot(world.learning),
  };
}

/** The snapshot of one project. */
export function projectSnapshot(project: Project): ProjectSnapshot {
  const iterations = [...project.iterations.values()];
  const iterationImages = new Set(iterations.flatMap(({ trainingSet }) => [...trainingSet.images.keys()]));
  return {
    id: project.id,
    name: project.name,
    digest: digestOf(project),
    tags: project.workspace.tags.size,
    images: project.workspace.images.size,
    iterations: iterations.length,
    iterationImages: iterationImages.size,
    predictions: project.predictions.size,
  };
}

/** Hashed a line at a time: a project may hold hundreds of thousands of images. */
function digestOf(project: Project): string {
  const hash = createHash('sha256');
  for (const line of lines(project)) hash.update(`${JSON.stringify(line)}\n`);
  return hash.digest('hex');
}

/** Everything that calls or people can change; maps keep their order, which is part of the state. Reads of exports and training don't count. */
function* lines(project: Project): Generator<object> {
  const { workspace, iterations, predictions, ...own } = project;
  yield own;
  yield* setLines(workspace);
  for (const { exports, trainingSet, readsLeft: _, ...iteration } of iterations.values()) {
    yield iteration;
    yield exports.map(({ platform, flavor, path }) => ({ platform, flavor, path }));
    yield* setLines(trainingSet);
  }
  yield* predictions.values();
}

function* setLines({ tags, images }: TrainingSet): Generator<object> {
  yield* tags.values();
  yield* images.values();
}
