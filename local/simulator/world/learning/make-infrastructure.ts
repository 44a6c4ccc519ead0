import { randomFrom } from '../../seeded.ts';
import type { ComputeType, ComputeWorkspace, OperationalizationCluster } from './infrastructure.ts';
import type { ComputeWishes } from './options.ts';
import type { ArmPlace } from './place.ts';

const types: readonly ComputeType[] = ['AKS', 'BatchAI', 'DataFactory', 'VirtualMachine', 'HDInsight'];

/** Fills a workspace with computes: so many of each type in turn, or those asked for. */
export function makeComputes(workspace: ComputeWorkspace, wishes: ComputeWishes): void {
  const list: readonly { readonly name?: string | undefined; readonly type?: ComputeType | undefined }[] =
    typeof wishes === 'number' ? Array.from({ length: wishes }, (_, index) => ({ type: types[index % 5] })) : wishes;
  for (const [index, wish] of list.entries()) {
    const name = wish.name ?? `compute${index + 1}`;
    workspace.computes.set(name.toLowerCase(), {
      name,
      computeType: wish.type ?? 'AKS',
      description: `Compute ${index + 1}`,
      created: workspace.created + index * 1_000,
      deleting: undefined,
    });
  }
}

/** Makes one operationalization cluster; its managed resource group is named as recorded (`…-azureml-xxxxx`). */
export function makeCluster(place: ArmPlace, secretInClear: boolean, seed: string): OperationalizationCluster {
  const random = randomFrom(`${seed}/cluster/${place.subscriptionId}/${place.resourceGroup}/${place.name}`);
  return {
    ...place,
    description: 'Test cluster',
    clientId: random.uuid(),
    managedResourceGroup: `${place.resourceGroup}-azureml-${random.hex(5)}`,
    secretInClear,
    deleting: undefined,
  };
}
