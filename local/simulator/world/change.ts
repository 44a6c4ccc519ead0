import { z } from 'zod';
import { randomFrom } from '../seeded.ts';
import { changeLearning, learningChanges } from './learning/change.ts';
import { makeImage } from './make-image.ts';
import { makeIteration } from './make-iteration.ts';
import { makeProject } from './make-project.ts';
import type { Project, VisionResource, World } from './model.ts';
import { projectOptionsSchema } from './options.ts';

const count = z.number().int().min(1).default(1);

/** Changes that people make upstream while the app works. */
export const worldChangeSchema = z.discriminatedUnion('change', [
  z.object({
    change: z.literal('addProject'),
    resource: z.string().optional(),
    sizes: projectOptionsSchema.prefault({}),
  }),
  z.object({ change: z.literal('addImages'), projectId: z.string(), count, tagged: z.boolean().default(true) }),
  z.object({ change: z.literal('deleteImages'), projectId: z.string(), imageIds: z.array(z.string()).min(1) }),
  z.object({ change: z.literal('deleteProject'), projectId: z.string() }),
  /** Trains a new iteration from the workspace. */
  z.object({ change: z.literal('train'), projectId: z.string(), published: z.boolean().default(false) }),
  z.object({ change: z.literal('publish'), projectId: z.string(), iterationId: z.string(), name: z.string() }),
  ...learningChanges,
]);

export type WorldChange = z.input<typeof worldChangeSchema>;

/** Makes the change and returns the ids that it made or touched. Throws on an unknown project or resource. */
export function changeWorld(world: World, wished: WorldChange): { readonly ids: readonly string[] } {
  const change = worldChangeSchema.parse(wished);
  if (change.change === 'addProject') {
    const resource = world.resources.find(({ name }) => change.resource === undefined || name === change.resource);
    if (!resource) throw new Error(`No resource ${change.resource ?? ''}`);
    return { ids: [makeProject({ world, resource, sizes: change.sizes }).id] };
  }
  if (change.change === 'addRuns' || change.change === 'addJobs' || change.change === 'addModels') {
    return { ids: changeLearning(world.learning, world.seed, change) };
  }
  const { resource, project } = placeOf(world, change.projectId);
  switch (change.change) {
    case 'addImages':
      return { ids: addImages(world, project, change) };
    case 'deleteImages':
      return { ids: change.imageIds.filter((id) => project.workspace.images.delete(id)) };
    case 'deleteProject':
      return { ids: resource.projects.delete(project.id) ? [project.id] : [] };
    case 'train': {
      const kind = change.published ? 'published' : 'trained';
      const sizes = projectOptionsSchema.parse({});
      const random = randomFrom(
        `${world.seed}/${project.id}/training ${project.iterations.size} ${project.lastModified}`,
      );
      project.lastModified += 60_000;
      const created = project.lastModified;
      return { ids: [makeIteration({ world, resource, project, sizes, kind, created, share: 1 }, random).id] };
    }
    case 'publish': {
      const iteration = project.iterations.get(change.iterationId);
      if (!iteration) throw new Error(`No iteration ${change.iterationId}`);
      iteration.publishName = change.name;
      return { ids: [iteration.id] };
    }
  }
}

function placeOf(world: World, projectId: string): { readonly resource: VisionResource; readonly project: Project } {
  for (const resource of world.resources) {
    const project = resource.projects.get(projectId);
    if (project) return { resource, project };
  }
  throw new Error(`No project ${projectId}`);
}

function addImages(
  world: World,
  project: Project,
  wished: { readonly count: number; readonly tagged: boolean },
): string[] {
  const ids: string[] = [];
  for (let index = 0; index < wished.count; index += 1) {
    project.lastModified += 1_000;
    const random = randomFrom(`${world.seed}/${project.id}/added at ${project.lastModified}`);
    const sizes = projectOptionsSchema.parse({});
    const image = makeImage(project, random, { created: project.lastModified, tagged: wished.tagged, sizes });
    project.workspace.images.set(image.id, image);
    ids.push(image.id);
  }
  return ids;
}
