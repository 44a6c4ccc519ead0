import type { Compute } from '../world/learning/infrastructure.ts';
import type { LearningWorkspace } from '../world/learning/model.ts';
import { regionOf } from '../world/learning/place.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import { armDate, resourceId } from './resource.ts';

const type = 'Microsoft.MachineLearningServices/workspaces';

/** Definition `ComputeResource`. In lists only the members of the official example: the rest is told by GET alone. */
export function computeDocument(workspace: LearningWorkspace, compute: Compute, whole: boolean): object {
  const description = { description: compute.description, resourceId: backing(workspace, compute) };
  const state = { computeType: compute.computeType, provisioningState: compute.deleting ? 'Deleting' : 'Succeeded' };
  const details = {
    computeLocation: regionOf(workspace),
    createdOn: armDate(compute.created),
    modifiedOn: armDate(compute.created),
    provisioningErrors: null,
    ...(compute.computeType !== 'DataFactory' && { properties: propertiesByType[compute.computeType]() }),
  };
  return {
    id: resourceId(workspace, `${type}/${workspace.name}/computes/${compute.name}`),
    type: `${type}/computes`,
    name: compute.name,
    location: regionOf(workspace),
    properties: { ...description, ...state, ...(whole && details) },
  };
}

const administratorAccount = {
  username: plantedSecret('administratorAccount.username'),
  password: plantedSecret('administratorAccount.password'),
  publicKeyData: plantedSecret('administratorAccount.publicKeyData'),
  privateKeyData: plantedSecret('administratorAccount.privateKeyData'),
};

const propertiesByType = {
  AKS: () => ({
    clusterFqdn: 'compute-f4f63072.eastus2.cloudapp.azure.com',
    systemServices: [{ systemServiceType: 'ScoringFrontEnd', publicIpAddress: '13.68.107.201', version: '1' }],
    agentCount: 3,
    agentVMSize: 'Standard_D3_v2',
    sslConfiguration: {
      status: 'Enabled',
      cert: plantedSecret('sslConfiguration.cert'),
      key: plantedSecret('sslConfiguration.key'),
      cname: 'scoring.contoso.example',
    },
  }),
  BatchAI: () => ({
    vmSize: 'Standard_NC6',
    vmPriority: 'Dedicated',
    scaleSettings: { maxNodeCount: 4, minNodeCount: 0, autoScaleEnabled: true },
  }),
  VirtualMachine: () => ({
    virtualMachineSize: 'Standard_D2_v2',
    sshPort: 22,
    address: '13.68.107.202',
    administratorAccount,
  }),
  HDInsight: () => ({ sshPort: 22, address: 'spark.contoso.example', administratorAccount }),
};

const backingTypes = {
  AKS: 'Microsoft.ContainerService/managedClusters',
  BatchAI: 'Microsoft.BatchAI/clusters',
  DataFactory: 'Microsoft.DataFactory/factories',
  VirtualMachine: 'Microsoft.Compute/virtualMachines',
  HDInsight: 'Microsoft.HDInsight/clusters',
};

/** The resource that does the computing; it isn't the workspace's. */
function backing(workspace: LearningWorkspace, { computeType, name }: Compute): string {
  return resourceId(workspace, `${backingTypes[computeType]}/${name}-56826`);
}
