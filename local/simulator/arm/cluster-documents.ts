import type { OperationalizationCluster } from '../world/learning/infrastructure.ts';
import { regionOf } from '../world/learning/place.ts';
import { plantedSecret } from '../world/learning/secrets.ts';

/** What the service shows instead of a secret (recorded). */
const redacted = '<REDACTED>';

/** Definition `OperationalizationCluster`; the id with its lower-case `resourcegroups` as recorded. Lists are sparse, as their description says. */
export function clusterDocument(cluster: OperationalizationCluster, whole: boolean): object {
  const { subscriptionId, resourceGroup, name } = cluster;
  const own = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers`;
  const common = {
    createdOn: new Date(cluster.created).toISOString(),
    description: cluster.description,
    provisioningState: cluster.deleting ? 'Updating' : 'Succeeded', // the published states have no `Deleting`
    clusterType: 'ACS',
  };
  return {
    id: `${own}/Microsoft.MachineLearningCompute/operationalizationClusters/${name}`,
    name,
    type: 'Microsoft.MachineLearningCompute/operationalizationClusters',
    location: cluster.location,
    tags: null,
    properties: whole
      ? { ...common, ...wholeProperties(cluster) }
      : { ...common, containerService: containerService(cluster, redacted) },
  };
}

function wholeProperties(cluster: OperationalizationCluster): object {
  const { subscriptionId, managedResourceGroup, name } = cluster;
  const managed = `/subscriptions/${subscriptionId}/resourcegroups/${managedResourceGroup}/providers`;
  return {
    modifiedOn: new Date(cluster.created + 600_000).toISOString(),
    storageAccount: { resourceId: `${managed}/Microsoft.Storage/storageAccounts/mlcrpstg${name.length}` },
    containerRegistry: { resourceId: `${managed}/Microsoft.ContainerRegistry/registries/mlcrpacr${name.length}` },
    containerService: {
      ...containerService(cluster, cluster.secretInClear ? plantedSecret('servicePrincipal.secret') : redacted),
      clusterFqdn: `${name}-f4f63072.${regionOf(cluster)}.cloudapp.azure.com`,
      systemServices: ['Scoring', 'Batch'],
      agentCount: 2,
      agentVmSize: 'Standard_D3_v2',
    },
    appInsights: { appId: cluster.clientId, apiKey: plantedSecret('appInsights.apiKey') },
    globalServiceConfiguration: {
      etag: '"1"',
      ssl: { status: 'Enabled', cert: plantedSecret('ssl.cert'), key: plantedSecret('ssl.key') },
      serviceAuth: { primaryAuthKeyHash: 'a'.repeat(64), secondaryAuthKeyHash: 'b'.repeat(64) },
      autoScale: {
        status: 'Enabled',
        minReplicas: 1,
        maxReplicas: 100,
        targetUtilization: 0.7,
        refreshPeriodInSeconds: 10,
      },
    },
  };
}

/** The members that the definition requires even of a sparse cluster. */
function containerService({ clientId }: OperationalizationCluster, secret: string): object {
  return { orchestratorType: 'Kubernetes', orchestratorProperties: { servicePrincipal: { clientId, secret } } };
}
