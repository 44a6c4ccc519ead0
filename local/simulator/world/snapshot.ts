import { createHash } from 'node:crypto';
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
  };
}

/** The snapshot of one project. */
export function projectSnapshot(project: Project): ProjectSnapshot {
  const iterations = [...project.iterations.values()];
  const iterationImages = new Set(iterations.flatMap(({ trainingSet }) => [...trainingSet.images.keys()]));
  return {
    id: project.id,
    name: project.name,
    digest: createHash('sha256')
      .update(JSON.stringify(plain(project)))
      .digest('hex'),
    tags: project.workspace.tags.size,
    images: project.workspace.images.size,
    iterations: iterations.length,
    iterationImages: iterationImages.size,
    predictions: project.predictions.size,
  };
}

/** The project as JSON can hold it; maps keep their order, which is part of the state. Reads of exports and training don't count as changes. */
function plain(project: Project): object {
  return {
    ...project,
    workspace: plainSet(project.workspace),
    iterations: [...project.iterations.values()].map((iteration) => ({
      ...iteration,
      readsLeft: 0,
      exports: iteration.exports.map(({ platform, flavor, path }) => ({ platform, flavor, path })),
      trainingSet: plainSet(iteration.trainingSet),
    })),
    predictions: [...project.predictions.values()],
  };
}

function plainSet({ tags, images }: TrainingSet): object {
  return { tags: [...tags.values()], images: [...images.values()] };
}
