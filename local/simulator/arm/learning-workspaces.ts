import { jsonAnswer } from '../http/message.ts';
import type { Compute } from '../world/learning/infrastructure.ts';
import type { LearningWorkspace, LearningWorld } from '../world/learning/model.ts';
import { keyOf, placeKey, regionOf } from '../world/learning/place.ts';
import { type ArmCall, type ArmOperation, alreadyGone, type GroupParameters, operationsOf, removed } from './call.ts';
import { computeDocument } from './compute-documents.ts';
import { armList, within } from './lists.ts';
import { computeDeletion, startDeletion } from './long-running.ts';
import { resourceNotFound } from './refusals.ts';
import { armDate, resourceId } from './resource.ts';

const type = 'Microsoft.MachineLearningServices/workspaces';
const workspaces =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces';
const workspace = `${workspaces}/{workspaceName}` as const;
const computes = `${workspace}/computes` as const;
const operation = operationsOf(['2018-03-01-preview']);

/** Workspaces of Microsoft.MachineLearningServices and their computes. */
export const workspaceOperations: readonly ArmOperation[] = [
  operation(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningServices/workspaces',
    'Workspaces_ListBySubscription',
    (call, scope) => armList(call, within(call.learning.workspaces, scope), workspaceDocument),
  ),
  operation(`GET ${workspaces}`, 'Workspaces_ListByResourceGroup', (call, scope) =>
    armList(call, within(call.learning.workspaces, scope), workspaceDocument),
  ),
  operation(`GET ${workspace}`, 'Workspaces_Get', (call, names) =>
    jsonAnswer(200, workspaceDocument(workspaceOf(call, names))),
  ),
  operation(`DELETE ${workspace}`, 'Workspaces_Delete', ({ learning }, names) => {
    const found = find(learning, names);
    return found ? removed(() => dropWorkspace(learning, found)) : alreadyGone;
  }),
  operation(`GET ${computes}`, 'MachineLearningCompute_ListByWorkspace', (call, names) => {
    const parent = workspaceOf(call, names);
    return armList(call, parent.computes.values(), (compute) => computeDocument(parent, compute, false));
  }),
  operation(`GET ${computes}/{computeName}`, 'MachineLearningCompute_Get', (call, names) => {
    const parent = workspaceOf(call, names);
    const compute = parent.computes.get(names.computeName.toLowerCase());
    if (!compute) {
      const name = `${type}/computes/${names.workspaceName}/${names.computeName}`;
      throw resourceNotFound(name, names.resourceGroupName);
    }
    return jsonAnswer(200, computeDocument(parent, compute, true));
  }),
  operation(`DELETE ${computes}/{computeName}`, 'MachineLearningCompute_Delete', (call, names) => {
    const parent = find(call.learning, names);
    const compute = parent?.computes.get(names.computeName.toLowerCase());
    return parent && compute ? deleteCompute(call, parent, compute) : alreadyGone;
  }),
];

type Names = GroupParameters & { readonly workspaceName: string };

function deleteCompute(call: ArmCall, parent: LearningWorkspace, compute: Compute) {
  const started = startDeletion(call, compute, () => parent.computes.delete(compute.name.toLowerCase()));
  return computeDeletion(call, parent, { item: compute, operation: started });
}

/** Everything of the data plane goes with its workspace. */
function dropWorkspace({ files, workspaces: all }: LearningWorld, { history, registry, ...place }: LearningWorkspace) {
  for (const { file } of history.artifacts.values()) files.delete(file);
  for (const { file } of registry.models.values()) files.delete(file);
  all.delete(keyOf(place));
}

function workspaceOf({ learning }: ArmCall, names: Names): LearningWorkspace {
  const found = find(learning, names);
  if (!found) throw resourceNotFound(`${type}/${names.workspaceName}`, names.resourceGroupName);
  return found;
}

function find({ workspaces: all }: LearningWorld, { subscriptionId, resourceGroupName, workspaceName }: Names) {
  return all.get(placeKey(subscriptionId, resourceGroupName, workspaceName));
}

/** Definition `Workspace`. */
function workspaceDocument(place: LearningWorkspace): object {
  const short = place.name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
  return {
    id: resourceId(place, `${type}/${place.name}`),
    name: place.name,
    type,
    location: regionOf(place),
    tags: place.tags,
    identity: { principalId: place.workspaceId, tenantId: place.workspaceId, type: 'SystemAssigned' },
    properties: {
      workspaceId: place.workspaceId,
      description: place.description,
      friendlyName: place.friendlyName,
      creationTime: armDate(place.created),
      keyVault: resourceId(place, `Microsoft.KeyVault/vaults/${short}`),
      applicationInsights: resourceId(place, `microsoft.insights/components/${short}`),
      containerRegistry: resourceId(place, `Microsoft.ContainerRegistry/registries/${short}`),
      storageAccount: resourceId(place, `Microsoft.Storage/storageAccounts/${short}`),
      discoveryUrl: `https://${regionOf(place)}.experiments.azureml.net/discovery`,
      provisioningState: 'Succeeded',
    },
  };
}
