import { type Branch, type Family, RESOURCE_TAGS } from './family.ts';
import type { Operation } from './operation.ts';

/* Compute clusters (machinelearningservices-2018-03-01-preview.json) and operationalization clusters (machinelearningcompute-2017-06-01-preview.json). */
const GROUND =
  'Infrastructure is deleted only when the request names its family and the operator allows it for the target.';

const computeApi = {
  query: { 'api-version': '2018-03-01-preview' },
  confidence: ['spec'],
} as const satisfies Partial<Operation>;
const computesRoute = '/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}/computes';
const listComputes: Operation = {
  ...computeApi,
  operation: 'MachineLearningCompute_ListByWorkspace',
  route: `GET ${computesRoute}`,
  seed: 'S0',
  row: '18',
  paging: { by: 'next-link' },
};
const getCompute: Operation = {
  ...computeApi,
  operation: 'MachineLearningCompute_Get',
  route: `GET ${computesRoute}/{computeName}`,
  seed: 'S0',
  row: '19',
};

const computeClusters: Family = {
  family: 'compute-clusters',
  title: 'Compute clusters of a workspace',
  persons: RESOURCE_TAGS,
  target: 'computes',
  within: [],
  list: [listComputes],
  identity: 'name~',
  parameter: 'computeName',
  read: getCompute,
  readEach: 'The list is sparser than the item (official example).',
  erase: {
    by: 'call',
    operation: {
      ...computeApi,
      operation: 'MachineLearningCompute_Delete',
      route: `DELETE ${computesRoute}/{computeName}`,
      seed: 'extra',
      row: 'H8',
      longRunning: true,
      goneIs204: true,
    },
  },
  after: [],
  proof: { by: 'item', read: getCompute, control: listComputes },
  infrastructure: { ground: GROUND },
};

const clusterApi = {
  query: { 'api-version': '2017-06-01-preview' },
  confidence: ['spec', 'rec'],
} as const satisfies Partial<Operation>;
const clustersRoute = '/providers/Microsoft.MachineLearningCompute/operationalizationClusters';
const listClusters: Operation = {
  ...clusterApi,
  operation: 'OperationalizationClusters_ListByResourceGroup',
  route: `GET ${clustersRoute}`,
  seed: 'S0',
  row: '20',
  paging: { by: 'next-link' },
};
const getCluster: Operation = {
  ...clusterApi,
  operation: 'OperationalizationClusters_Get',
  route: `GET ${clustersRoute}/{clusterName}`,
  seed: 'S0',
  row: '21',
};

const operationalizationClusters: Family = {
  family: 'operationalization-clusters',
  title: 'Operationalization clusters of a resource group',
  persons: RESOURCE_TAGS,
  target: 'clusters',
  within: [],
  list: [listClusters],
  identity: 'name~',
  parameter: 'clusterName',
  read: getCluster,
  readEach: 'Cluster objects in lists are sparsely populated (specification).',
  erase: {
    by: 'call',
    operation: {
      ...clusterApi,
      operation: 'OperationalizationClusters_Delete',
      route: `DELETE ${clustersRoute}/{clusterName}`,
      seed: 'extra',
      row: 'H7',
      longRunning: true,
      goneIs204: true,
    },
  },
  after: [],
  proof: { by: 'item', read: getCluster, control: listClusters },
  infrastructure: {
    ground: GROUND,
    survives: {
      sentence:
        'The managed resource group of the cluster (…-azureml-…) still exists after its deletion (contracts/recorded).',
      members: ['properties.storageAccount.resourceId', 'properties.containerRegistry.resourceId'],
      named: '-azureml-',
    },
  },
};

export const computes: Branch = {
  target: 'computes',
  bases: { main: 'https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}' },
  values: { subscriptionId: 'subscriptionId', resourceGroupName: 'resourceGroup', workspaceName: 'workspace' },
  hosts: ['management.azure.com'],
  families: [computeClusters],
  byHand: [],
};

export const clusters: Branch = {
  target: 'clusters',
  bases: { main: 'https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}' },
  values: { subscriptionId: 'subscriptionId', resourceGroupName: 'resourceGroup' },
  hosts: ['management.azure.com'],
  families: [operationalizationClusters],
  byHand: [],
};
