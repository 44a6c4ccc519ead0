/*
 * The operations of the two source documents, transcribed by hand, row by row, and NOT from src/lib/catalog: the catalogue is held against this.
 * S0: shared/seeds/000_9d84021e1046d000.txt (Azure Machine Learning, 05/22/2018). S4: shared/seeds/004_9cee3f05b99bdf9e.txt (Custom Vision, 03/21/2019).
 *
 * S0 gives URLs; they stand here as they are printed, but for a stray `"` behind the two URLs that list models, and trailing blanks.
 * S4 gives operation names in a table, without URLs; the verb and path beside each name come from the published Training API v3.3.
 * Row numbers are those of shared/contracts/endpoints.md. Row 32 ("Artifact documents") repeats the URL of row 27 and is no operation of its own.
 */

export interface SeedOperation {
  readonly seed: 'S0' | 'S4';
  readonly row: number;
  /** Heading (S0) or table cell (S4) under which the document names it. */
  readonly under: string;
  readonly method: 'GET' | 'DELETE';
  readonly url: string;
  /** S4 only: the name that the document gives the operation. */
  readonly operation?: string;
}

const ARM = 'https://management.azure.com';
const MMS =
  'https://{location}.modelmanagement.azureml.net/api/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/accounts/{accountName}';
const MMS_VERSION = '?api-version=2017-09-01-preview';
const PROJECT =
  'subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningExperimentation/accounts/{accountName}/workspaces/{workspaceName}/projects/{projectName}';
const HISTORY = `https://{location}.experiments.azureml.net/history/v1.0/${PROJECT}`;
const ARTIFACT = `https://{location}.experiments.azureml.net/artifact/v1.0/${PROJECT}`;
const NOTIFICATION = `https://{location}.experiments.azureml.net/notification/v1.0/${PROJECT}`;
const CV = '{Endpoint}/customvision/v{version}/training';

type Row = readonly [row: number, under: string, method: 'GET' | 'DELETE', url: string];
type NamedRow = readonly [...Row, operation: string];

const deletions: readonly Row[] = [
  [
    1,
    'Delete from a hosting account',
    'DELETE',
    `${ARM}/subscriptions/{subscription-id}/resourceGroups/{resource-group}/providers/Microsoft.MachineLearningModelManagement/accounts/{account-name}?api-version=2017-09-01-preview`,
  ],
  [2, 'Model document', 'DELETE', `${MMS}/models/{modelId}${MMS_VERSION}`],
  [3, 'Manifest document', 'DELETE', `${MMS}/manifests/{manifestId}${MMS_VERSION}`],
  [4, 'Service documents', 'DELETE', `${MMS}/services/{serviceName}${MMS_VERSION}`],
  [5, 'Image document', 'DELETE', `${MMS}/images/{imageId}${MMS_VERSION}`],
  [
    6,
    'Project documents',
    'DELETE',
    `${ARM}/subscriptions/{subscription-id}/resourceGroups/{resource-group}/providers/Microsoft.MachineLearningExperimentation/accounts/{account-name}/workspaces/{workspace-name}/projects/{project-name}?api-version=2017-05-01-preview`,
  ],
  [
    7,
    'Workspace documents',
    'DELETE',
    `${ARM}/subscriptions/{subscription-id}/resourceGroups/{resource-group}/providers/Microsoft.MachineLearningExperimentation/accounts/{account-name}/workspaces/{workspace-name}?api-version=2017-05-01-preview`,
  ],
  [
    8,
    'The entire experimentation account',
    'DELETE',
    `${ARM}/subscriptions/{subscription-id}/resourceGroups/{resource-group}/providers/Microsoft.MachineLearningExperimentation/accounts/{account-name}?api-version=2017-05-01-preview`,
  ],
];

const modelManagement: readonly Row[] = [
  [
    9,
    'Export hosting account data',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningModelManagement/accounts/{accountName}?api-version=2017-09-01-preview`,
  ],
  [10, 'Model document', 'GET', `${MMS}/models${MMS_VERSION}`],
  [11, 'Model document', 'GET', `${MMS}/models/{modelId}${MMS_VERSION}`],
  [12, 'Manifests', 'GET', `${MMS}/manifests${MMS_VERSION}`],
  [13, 'Manifests', 'GET', `${MMS}/manifests/{manifestId}${MMS_VERSION}`],
  [14, 'Services', 'GET', `${MMS}/services${MMS_VERSION}`],
  [15, 'Services', 'GET', `${MMS}/services/{serviceName}${MMS_VERSION}`],
  [16, 'Images', 'GET', `${MMS}/images${MMS_VERSION}`],
  [17, 'Images', 'GET', `${MMS}/images/{imageId}${MMS_VERSION}`],
];

const compute: readonly Row[] = [
  [
    18,
    'Compute clusters',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}/computes?api-version=2018-03-01-preview`,
  ],
  [
    19,
    'Compute clusters',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}/computes/{compute-name}?api-version=2018-03-01-preview`,
  ],
  [
    20,
    'Operationalization clusters',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}/providers/Microsoft.MachineLearningCompute/operationalizationClusters?api-version=2017-06-01-preview`,
  ],
  [
    21,
    'Operationalization clusters',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}/providers/Microsoft.MachineLearningCompute/operationalizationClusters/{clusterName}?api-version=2017-06-01-preview`,
  ],
];

const experiments: readonly Row[] = [
  [22, 'Export run history data', 'GET', `${HISTORY}/runs`],
  [23, 'Export run history data', 'GET', `${HISTORY}/experiments`],
  [24, 'Run history items', 'GET', `${HISTORY}/runs/{runId}`],
  [25, 'Run metrics items', 'GET', `${HISTORY}/runmetrics`],
  [26, 'Run experiments', 'GET', `${HISTORY}/experiments/{experimentId}`],
  [27, 'Run history artifacts', 'GET', `${HISTORY}/runs/{runId}/artifacts`],
  [28, 'Run history artifacts URIs', 'GET', `${HISTORY}/runs/{runId}/artifacturi?name={artifactName}`],
  [29, 'Export artifacts', 'GET', `${ARTIFACT}/assets`],
  [30, 'Export artifacts', 'GET', `${ARTIFACT}/artifacts/origins/{origin}/containers/{runId}`],
  [31, 'Artifact contents', 'GET', `${ARTIFACT}/artifacts/contentinfo/ExperimentRun/{runId}/{artifactPath}`],
  [33, 'Assets', 'GET', `${ARTIFACT}/assets/name/{name}`],
  [34, 'Export notifications', 'GET', `${NOTIFICATION}/users/{objectId}/jobs`],
  [
    35,
    'Experimentation account information',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningExperimentation/accounts/{accountName}?api-version=2017-05-01-preview`,
  ],
  [
    36,
    'Workspace information',
    'GET',
    `${ARM}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningExperimentation/accounts/{accountName}/workspaces/{workspaceName}?api-version=2017-05-01-preview`,
  ],
  [37, 'Project information', 'GET', `${ARM}/${PROJECT}?api-version=2017-05-01-preview`],
];

const customVision: readonly NamedRow[] = [
  [38, 'Account Info (Subscription Keys)', 'GET', `${CV}/account`, 'GetAccountInfo'],
  [42, 'Iteration Details', 'GET', `${CV}/projects/{projectId}/iterations/{iterationId}`, 'GetIteration'],
  [49, 'Iteration Details', 'DELETE', `${CV}/projects/{projectId}/iterations/{iterationId}`, 'DeleteIteration'],
  [
    43,
    'Iteration Performance Details',
    'GET',
    `${CV}/projects/{projectId}/iterations/{iterationId}/performance`,
    'GetIterationPerformance',
  ],
  [41, 'List of iterations', 'GET', `${CV}/projects/{projectId}/iterations`, 'GetIterations'],
  [40, 'Projects and project details', 'GET', `${CV}/projects/{projectId}`, 'GetProject'],
  [39, 'Projects and project details', 'GET', `${CV}/projects`, 'GetProjects'],
  [50, 'Projects and project details', 'DELETE', `${CV}/projects/{projectId}`, 'DeleteProject'],
  [45, 'Image tags', 'GET', `${CV}/projects/{projectId}/tags/{tagId}`, 'GetTag'],
  [44, 'Image tags', 'GET', `${CV}/projects/{projectId}/tags`, 'GetTags'],
  [51, 'Image tags', 'DELETE', `${CV}/projects/{projectId}/tags/{tagId}`, 'DeleteTag'],
  [46, 'Images', 'GET', `${CV}/projects/{projectId}/images/tagged`, 'GetTaggedImages'],
  [47, 'Images', 'GET', `${CV}/projects/{projectId}/images/untagged`, 'GetUntaggedImages'],
  [52, 'Images', 'DELETE', `${CV}/projects/{projectId}/images`, 'DeleteImages'],
  [48, 'Exported Models', 'GET', `${CV}/projects/{projectId}/iterations/{iterationId}/export`, 'GetExports'],
];

const asOperation = (seed: SeedOperation['seed'], rows: readonly (Row | NamedRow)[]): readonly SeedOperation[] =>
  rows.map(([row, under, method, url, operation]) => ({
    seed,
    row,
    under,
    method,
    url,
    ...(operation ? { operation } : {}),
  }));

/** All 51 operations that the documents name, each once. */
export const SEED_OPERATIONS: readonly SeedOperation[] = [
  ...asOperation('S0', [...deletions, ...modelManagement, ...compute, ...experiments]),
  ...asOperation('S4', customVision),
];

/**
 * What the documents say goes away without a call of its own: with its parent, or by hand. S0 names one more kind of personal data, which none
 * of its calls reaches: "Telemetry data can be accessed through the Azure Privacy portal."
 */
export interface SeedOutcome {
  readonly seed: 'S0' | 'S4';
  readonly data: string;
  readonly by: 'parent' | 'hand';
  /** As the document says it. */
  readonly sentence: string;
}

const withProject =
  'Run history, artifact, and notification stores for a project are all deleted after deleting the corresponding project document';

export const SEED_OUTCOMES: readonly SeedOutcome[] = [
  { seed: 'S0', data: 'Run history', by: 'parent', sentence: withProject },
  { seed: 'S0', data: 'Artifacts', by: 'parent', sentence: withProject },
  { seed: 'S0', data: 'Notifications', by: 'parent', sentence: withProject },
  {
    seed: 'S4',
    data: 'Account Info (Subscription Keys)',
    by: 'hand',
    sentence:
      'Delete using Azure portal (Azure Subscriptions). Or using “Delete Your Account” button in CustomVision.ai settings page (Microsoft Account Subscriptions)',
  },
  { seed: 'S4', data: 'Exported Models', by: 'hand', sentence: 'Deleted upon account deletion' },
];
