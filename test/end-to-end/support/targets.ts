import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import type { VisionResource } from '../../../local/simulator/world/model.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';

type ResourceOptions = NonNullable<NonNullable<WorldOptions['resources']>[number]>;

/** One upstream resource, registered as a target of the same name. */
export interface Registered {
  readonly name: string;
  /** 3.3 unless said otherwise. */
  readonly version?: '3.0' | '3.1' | '3.3';
  /** How the app signs in; a key unless said otherwise. */
  readonly signIn?: 'key' | 'entra';
  readonly projects?: ResourceOptions['projects'];
  /** Asks version 1.x for account info too, which tells the owner. */
  readonly accountVersion?: '1.2';
  readonly owner?: ResourceOptions['owner'];
}

/** An Azure ML resource of the world, registered as a target; what isn't said is as the world has it by default. */
export type Managed = {
  readonly name: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
} & (
  | { readonly kind: 'experimentation' | 'model-management'; readonly account: string }
  | { readonly kind: 'computes'; readonly workspace: string; readonly mayDeleteInfrastructure?: boolean }
  | { readonly kind: 'clusters'; readonly mayDeleteInfrastructure?: boolean }
  | { readonly kind: 'machine-learning'; readonly workspace: string }
);

/** Kinds whose data plane is a region's. */
const REGIONAL: readonly Managed['kind'][] = ['experimentation', 'model-management', 'machine-learning'];

/** A host of its own for each resource, so that faults can be aimed at one. */
export const hostOf = (name: string): string => `${name}.cognitiveservices.azure.com`;

export const resourceOptions = ({ name, projects, owner }: Registered): ResourceOptions => ({
  name,
  host: hostOf(name),
  ...(owner === undefined ? {} : { owner }),
  ...(projects === undefined ? {} : { projects }),
});

const keySetting = (name: string): string => `KEY_${name.replaceAll('-', '_')}`;

/** The operator's data map, and the settings with the keys that it refers to. No pace that would slow a test down. */
export function targetSettings(
  { targets: all, managed = [] }: { readonly targets: readonly Registered[]; readonly managed?: readonly Managed[] },
  resources: readonly VisionResource[],
) {
  const targets: object[] = all.map(({ name, version = '3.3', signIn = 'key', accountVersion }) => ({
    kind: 'custom-vision',
    name,
    endpoint: `https://${hostOf(name)}`,
    version,
    ...(accountVersion && { accountVersion }),
    signIn: signIn === 'key' ? { kind: 'key', setting: keySetting(name) } : { kind: 'entra' },
    pace: { perSecond: 500, burst: 500 },
  }));
  for (const target of managed) {
    const place = { subscriptionId: '5ba3e4c1-2d0f-4a7e-9c1b-0a6d8f2e7b43', resourceGroup: 'learning' };
    const region = REGIONAL.includes(target.kind) ? { location: 'eastus2' } : {};
    targets.push({ ...place, ...region, ...target, pace: { perSecond: 500, burst: 500 } });
  }
  const keys = resources.map(({ name, keys: [key] }) => [keySetting(name), key]);
  return { TARGETS: JSON.stringify({ targets }), ...Object.fromEntries(keys) };
}

/** Operations on a host that change something: stored predictions are read by a POST. */
export const changesAt = (simulator: Pick<RunningSimulator, 'calls'>, host: string): string[] =>
  simulator.calls.list
    .filter((call) => call.host === host && call.method !== 'GET' && call.operation !== 'QueryPredictions')
    .map(({ operation }) => operation);
