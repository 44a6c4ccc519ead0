import type { About } from './simulator.ts';

/** Where all Azure ML resources of the benchmarks' worlds lie. */
export const PLACE = { subscriptionId: '5ba3e4c1-2d0f-4a7e-9c1b-0a6d8f2e7b43', resourceGroup: 'learning' } as const;

/** A pace that no benchmark reaches, for those that aren't about the quota. */
export const NO_QUOTA = { perSecond: 2000, burst: 2000 } as const;

type Pace = { readonly perSecond: number; readonly burst: number };

/** A host of its own for each Custom Vision resource. */
export const visionHost = (name: string): string => `${name}.cognitiveservices.azure.com`;

export const visionTarget = (name: string, pace: Pace = NO_QUOTA): object => ({
  kind: 'custom-vision',
  name,
  endpoint: `https://${visionHost(name)}`,
  version: '3.3',
  signIn: { kind: 'key', setting: keySetting(name) },
  pace,
});

/** @param name of the target and of the account. */
export const modelManagementTarget = (name: string, pace: Pace = NO_QUOTA): object => ({
  kind: 'model-management',
  name,
  ...PLACE,
  account: name,
  location: 'eastus2',
  pace,
});

export const keySetting = (name: string): string => `KEY_${name.replaceAll('-', '_')}`;

/** The settings with the keys that the targets refer to. */
export const keySettings = ({ resources }: About): Record<string, string> =>
  Object.fromEntries(resources.map(({ name, keys }) => [keySetting(name), keys[0] ?? '']));
