import type { WorldOptions } from '../../local/simulator/world/options.ts';
import { modelManagementTarget, PLACE, visionTarget } from '../stage/targets.ts';
import { visionWorld } from './image-world.ts';

/** Families whose items are documents alone, without files behind them. */
export const SMALL_FAMILIES = ['mm-images', 'mm-services', 'cv-tags'] as const;

/** A world with `items` small documents: two families of one account in pages of 100, and the tags of one project in one page. */
export function smallWorld(items: number): { world: WorldOptions; targets: object[]; items: number } {
  const tags = Math.floor(items / 5);
  const images = Math.floor((items - tags) / 2);
  const services = items - tags - images;
  const vision = visionWorld('tags', tags > 0 ? [{ tags }] : []);
  return {
    world: {
      ...vision,
      modelManagement: [{ ...PLACE, name: 'small', models: 0, manifests: 0, images, services }],
    },
    targets: [modelManagementTarget('small'), visionTarget('tags')],
    items,
  };
}
