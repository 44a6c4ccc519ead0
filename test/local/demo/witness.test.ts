import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learningSum } from '../../../local/demo/learning-witness.ts';
import { liveLinks, lookUpstream } from '../../../local/demo/witness.ts';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import { startChecked } from '../simulator/checked.ts';

let simulator: RunningSimulator;

beforeAll(async () => {
  const project = { tags: 2, taggedImages: 300, untaggedImages: 1, deletedImages: 4 };
  simulator = await startChecked({ world: { resources: [{ projects: [project] }, { projects: 1 }] } });
});
afterAll(() => simulator.stop());

describe('the look at upstream without the app', () => {
  it('sees every page of images, also those that only an iteration holds, and their links answer', async () => {
    const held = await lookUpstream(simulator.url);
    expect(held).toMatchObject({ resources: 2, projects: 2, iterations: 4, tags: 5, exportedModels: 4, pending: 0 });
    expect(learningSum(held.learning)).toBe(0);
    expect(held.imageLinks).toHaveLength(305 + 9);
    expect(await liveLinks(held.imageLinks)).toBe(held.imageLinks.length);
  });

  it('counts the links that answer still after some of what they lead to is gone', async () => {
    const { imageLinks } = await lookUpstream(simulator.url);
    simulator.world.resources[1]?.projects.clear();
    expect(await liveLinks(imageLinks)).toBe(305);
    expect(await lookUpstream(simulator.url)).toMatchObject({ projects: 1, exportedModels: 4 });
  });
});
