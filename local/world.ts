import type { WorldOptions } from './simulator/world/options.ts';

/** What the demo finds upstream: two resources, one signed in to by key, one by identity; a published iteration; images that only an iteration still holds. */
export const demoWorld: WorldOptions = {
  seed: 'demo',
  project: { predictions: 2 },
  resources: [
    { name: 'vision-west', host: 'westeurope.api.cognitive.microsoft.com', projects: 2 },
    { name: 'vision-central', host: 'southcentralus.api.cognitive.microsoft.com', projects: 1 },
  ],
};
