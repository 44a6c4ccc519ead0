import type { WorldOptions } from '../../local/simulator/world/options.ts';
import { modelManagementTarget, PLACE } from '../stage/targets.ts';

/** Families of small documents that a model management account is made of, and Custom Vision's tags aren't needed for. */
export const SMALL_FAMILIES = ['mm-models', 'mm-manifests', 'mm-images', 'mm-services'] as const;

/** A world with `items` small documents over four families of one account, in pages of 100. */
export function smallWorld(items: number): { world: WorldOptions; targets: object[]; items: number } {
  const each = Math.ceil(items / SMALL_FAMILIES.length);
  const sizes = { models: each, manifests: each, images: each, services: each };
  return {
    world: { resources: [], modelManagement: [{ ...PLACE, name: 'small', ...sizes }] },
    targets: [modelManagementTarget('small')],
    items: each * SMALL_FAMILIES.length,
  };
}
