import fc from 'fast-check';
import type {
  ComputeType,
  OperationalizationCluster,
} from '../../../../local/simulator/world/learning/infrastructure.ts';
import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import { itemKey } from '../../../end-to-end/support/learning-world.ts';
import { behaviour, besides, type Kind, learningOf, NOTHING, OWN, own } from './kind.ts';
import type { Stage } from './stage.ts';
import { computeLists, resourceNames } from './worlds.ts';

/* Infrastructure: resources with the names that they were made with, whose deletion goes on after its 202. */

/** Names are the resource manager's: nobody renames them. */
const asMade = { rename: () => undefined, digests: () => new Map<string, string>(), neighbours: besides, ...NOTHING };

const computesWith = (own: { readonly name: string; readonly type: ComputeType }[]): WorldOptions => ({
  computeWorkspaces: [{ name: 'neighbour' }, { name: OWN, computes: own }],
  behaviour,
});
const computesOf = (stage: Stage): string[] =>
  [...own(learningOf(stage).workspaces.values()).computes.values()].map(({ name }) => name);

export const computes: Kind = {
  kind: 'a workspace with computes',
  worlds: computeLists.map(computesWith),
  examples: [computesWith([]), computesWith([{ name: 'one', type: 'AKS' }])],
  stage: { managed: { kind: 'computes', workspace: OWN, mayDeleteInfrastructure: true } },
  named: ['compute-clusters'],
  keys: (stage) => ({
    'compute-clusters': computesOf(stage)
      .map((name) => itemKey('compute-clusters', name))
      .sort(),
  }),
  left: computesOf,
  ...asMade,
};

const clustersWith = (names: readonly string[]): WorldOptions => ({
  // The group is there though it holds no cluster.
  modelManagement: [{ name: 'neighbour', resourceGroup: OWN }],
  clusters: [
    { name: 'neighbour', resourceGroup: 'neighbour' },
    ...names.map((name, index) => ({ name, resourceGroup: OWN, secretInClear: index % 2 === 0 })),
  ],
  behaviour,
});
const clustersOf = (stage: Stage): OperationalizationCluster[] =>
  [...learningOf(stage).clusters.values()].filter(({ resourceGroup }) => resourceGroup === OWN);

export const clusters: Kind = {
  kind: 'a resource group with operationalization clusters',
  worlds: fc.uniqueArray(resourceNames, { maxLength: 4, selector: (name) => name.toLowerCase() }).map(clustersWith),
  examples: [clustersWith([]), clustersWith(['One'])],
  stage: { managed: { kind: 'clusters', resourceGroup: OWN, mayDeleteInfrastructure: true } },
  named: ['operationalization-clusters'],
  keys: (stage) => ({
    'operationalization-clusters': clustersOf(stage)
      .map(({ name }) => itemKey('operationalization-clusters', name))
      .sort(),
  }),
  left: clustersOf,
  ...asMade,
};
