import { randomFrom } from '../seeded.ts';
import { makeLearning } from './learning/make.ts';
import { makeProject } from './make-project.ts';
import type { VisionResource, World } from './model.ts';
import {
  type ProjectOptions,
  projectOptionsSchema,
  type ResourceSizes,
  type WorldOptions,
  worldOptionsSchema,
} from './options.ts';

/** Makes a world from seed and sizes: equal options give equal worlds, ids and bytes included. Throws a ZodError on bad options. */
export function makeWorld(options: WorldOptions = {}): World {
  const { seed, blobHost, behaviour, project, resources, ...learningSizes } = worldOptionsSchema.parse(options);
  const learning = makeLearning(seed, learningSizes);
  const world: World = { seed, blobHost, behaviour, resources: [], learning };
  for (const [index, sizes] of resources.entries()) {
    const resource = makeResource(`${seed}/resource ${index}`, index, sizes);
    const projects =
      typeof sizes.projects === 'number' ? Array<ProjectOptions>(sizes.projects).fill({}) : sizes.projects;
    for (const own of projects) {
      makeProject({ world, resource, sizes: projectOptionsSchema.parse({ ...project, ...own }) });
    }
    world.resources.push(resource);
  }
  return world;
}

function makeResource(seed: string, index: number, sizes: ResourceSizes): VisionResource {
  const random = randomFrom(seed);
  const keys: [string, string] = [random.hex(32), random.hex(32)];
  return {
    name: sizes.name ?? `vision-${index + 1}`,
    host: sizes.host,
    keys: sizes.keys ?? keys,
    acceptsTokens: sizes.acceptsTokens,
    owner: sizes.owner,
    projectsMade: 0,
    projects: new Map(),
    exportedFiles: new Map(),
  };
}
