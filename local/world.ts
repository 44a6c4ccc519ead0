import type { WorldOptions } from './simulator/world/options.ts';

/** The person whom the demo's requests are about. */
export const demoPerson = {
  objectId: '0f6cbb1e-4a52-4f0c-9d2e-7c1f5a3b8e90',
  upn: 'grace@contoso.example',
  name: 'Grace Hopper',
};

/**
 * What the demo finds upstream. Custom Vision: two resources, one signed in to by key, one by identity; a published iteration; images that only
 * an iteration still holds. Azure ML: an experimentation account with a run history, and a model management account.
 */
export const demoWorld: WorldOptions = {
  seed: 'demo',
  project: { predictions: 2 },
  resources: [
    { name: 'vision-west', host: 'westeurope.api.cognitive.microsoft.com', projects: 2 },
    { name: 'vision-central', host: 'southcentralus.api.cognitive.microsoft.com', projects: 1 },
  ],
  people: [demoPerson],
  experimentation: [
    {
      name: 'experiments',
      workspaces: [{ name: 'research', projects: [{ name: 'churn', runs: 4, wildNames: false }] }],
    },
  ],
  modelManagement: [{ name: 'models' }],
};
