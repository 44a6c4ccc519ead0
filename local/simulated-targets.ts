import type { World } from './simulator/world/model.ts';

/** The app setting with a resource's training key. */
export const keySetting = (resource: string): string => `VISION_KEY_${resource.replaceAll('-', '_').toUpperCase()}`;

/**
 * Each resource of the simulator as a target of the same name: every second one of Custom Vision signs in by key, all others with the app's identity.
 */
export function simulatedTargets(world: World | undefined): unknown[] {
  if (!world) return [];
  const { experimentationAccounts, hostingAccounts } = world.learning;
  const vision = world.resources.map((resource, index) => ({
    kind: 'custom-vision',
    name: resource.name,
    endpoint: `https://${resource.host}`,
    version: index % 2 === 0 ? '3.3' : '3.0',
    signIn: index % 2 === 0 ? { kind: 'key', setting: keySetting(resource.name) } : { kind: 'entra' },
  }));
  return [
    ...vision,
    ...accountTargets('experimentation', experimentationAccounts.values()),
    ...accountTargets('model-management', hostingAccounts.values()),
  ];
}

interface Account {
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

const accountTargets = (kind: string, accounts: Iterable<Account>) =>
  [...accounts].map(({ name, subscriptionId, resourceGroup, location }) => ({
    ...{ kind, name, account: name, subscriptionId, resourceGroup },
    // Hosts of data planes are named after the region without blanks.
    location: location.replaceAll(' ', '').toLowerCase(),
  }));
