import type { ProjectOptions, WorldOptions } from '../../local/simulator/world/options.ts';
import { visionHost } from '../stage/targets.ts';

/** Nothing in it but what is said. */
const EMPTY = {
  tags: 1,
  taggedImages: 0,
  untaggedImages: 0,
  deletedImages: 0,
  regionsPerImage: 0,
  iterations: { published: 0, trained: 0 },
  exports: 0,
} as const;

const resource = (name: string, projects: readonly ProjectOptions[]) => ({
  name,
  host: visionHost(name),
  projects: projects.map((project) => ({ ...EMPTY, ...project })),
});

/** One Custom Vision resource with these projects. */
export const visionWorld = (name: string, projects: readonly ProjectOptions[]): WorldOptions => ({
  resources: [resource(name, projects)],
});

/** One resource with one project of `taggedImages` images and nothing else. */
export const imageWorld = (name: string, taggedImages: number, imageBytes: number): WorldOptions =>
  visionWorld(name, [{ taggedImages, imageBytes }]);

/** Resources that each have one project of images. */
export const imageWorlds = (names: readonly string[], each: { images: number; imageBytes: number }): WorldOptions => ({
  resources: names.map((name) => resource(name, [{ taggedImages: each.images, imageBytes: each.imageBytes }])),
});
