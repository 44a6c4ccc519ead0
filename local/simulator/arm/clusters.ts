import { jsonAnswer } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import type { OperationalizationCluster } from '../world/learning/infrastructure.ts';
import type { LearningWorld } from '../world/learning/model.ts';
import { keyOf, placeKey } from '../world/learning/place.ts';
import { type ArmOperation, alreadyGone, type GroupParameters, operationsOf } from './call.ts';
import { clusterDocument } from './cluster-documents.ts';
import { armList, within } from './lists.ts';
import { clusterDeletion, startDeletion } from './long-running.ts';
import { resourceNotFound } from './refusals.ts';

const type = 'Microsoft.MachineLearningCompute/operationalizationClusters';
const clusters =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningCompute/operationalizationClusters';
const operation = operationsOf(['2017-06-01-preview']);

/** Operationalization clusters of Microsoft.MachineLearningCompute. */
export const clusterOperations: readonly ArmOperation[] = [
  operation(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningCompute/operationalizationClusters',
    'OperationalizationClusters_ListBySubscriptionId',
    (call, scope) => armList(call, within(call.learning.clusters, scope), (found) => clusterDocument(found, false)),
  ),
  operation(`GET ${clusters}`, 'OperationalizationClusters_ListByResourceGroup', (call, scope) =>
    armList(call, within(call.learning.clusters, scope), (found) => clusterDocument(found, false)),
  ),
  operation(`GET ${clusters}/{clusterName}`, 'OperationalizationClusters_Get', ({ learning }, names) => {
    const found = find(learning, names);
    if (!found) throw resourceNotFound(`${type}/${names.clusterName}`, names.resourceGroupName);
    return jsonAnswer(200, clusterDocument(found, true));
  }),
  /** 202 always: a client of the time refuses the immediate 200 that is published (contradictions.md, 34). */
  operation(`DELETE ${clusters}/{clusterName}`, 'OperationalizationClusters_Delete', (call, names) => {
    const found = find(call.learning, names);
    if (!found) return alreadyGone;
    const started = startDeletion(call, found, () => call.learning.clusters.delete(keyOf(found)));
    return clusterDeletion(call, found, started);
  }),
];

/** Resource groups, for those who look for what a deletion left behind (api-version: any). */
export const resourceGroupOperations: readonly ArmOperation[] = [
  operationsOf([])(
    'GET /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
    '<GetResourceGroup>',
    ({ learning }, { subscriptionId, resourceGroupName: name }) => {
      if (!learning.resourceGroups.has(`${subscriptionId}/${name}`.toLowerCase())) {
        throw new Refusal(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
      }
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
      return jsonAnswer(200, { id, name, location: 'eastus2', properties: { provisioningState: 'Succeeded' } });
    },
  ),
];

type Names = GroupParameters & { readonly clusterName: string };

function find(learning: LearningWorld, { subscriptionId, resourceGroupName, clusterName }: Names) {
  const found: OperationalizationCluster | undefined = learning.clusters.get(
    placeKey(subscriptionId, resourceGroupName, clusterName),
  );
  return found;
}
