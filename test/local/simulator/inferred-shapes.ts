import { z } from 'zod';

/** Transcriptions of endpoints.md, part E, and of its error bodies, for what no specification publishes. */
const date = z.iso.datetime({ offset: true });
const text = z.string();
const whole = z.number().int();
const link = z.url();
const dictionary = z.record(z.string(), z.string());

const details = z.array(z.strictObject({ code: text, message: text }));

/** `eW`, which the resource manager's gateway sends for any provider. */
export const wrappedError = z.strictObject({
  error: z.strictObject({ code: text, message: text, details: details.optional() }),
});
const hostingError = z.strictObject({ code: text, message: text, details, statusCode: whole });
const experimentsError = z.strictObject({
  error: z.strictObject({
    code: text,
    message: text,
    target: text.nullable(),
    details: z.array(z.unknown()),
    innerError: z.strictObject({ code: text, innerError: z.unknown() }),
  }),
  correlation: dictionary,
  environment: text,
  location: text,
  time: date,
});

const hostingAccount = z.strictObject({
  id: text,
  name: text,
  location: text,
  type: z.literal('Microsoft.MachineLearningModelManagement/accounts'),
  tags: dictionary,
  sku: z.strictObject({ name: text, capacity: whole.min(1).max(16) }),
  properties: z.strictObject({
    description: text,
    createdOn: date,
    modifiedOn: date,
    modelManagementSwaggerLocation: link.optional(),
  }),
});

/** As recorded (DeleteCluster.json); `InProgress` is what the resource manager says by its own rules. */
const operationStatus = z.strictObject({
  id: text.optional(),
  name: z.uuid(),
  status: z.enum(['Deleting', 'InProgress', 'Succeeded']),
  startTime: date,
  endTime: date.optional(),
  percentComplete: z.number(),
  error: z.strictObject({}).optional(),
});
const resourceGroup = z.strictObject({
  id: text,
  name: text,
  location: text,
  properties: z.strictObject({ provisioningState: text }),
});

const model = z.strictObject({
  id: z.uuid(),
  name: text,
  version: whole,
  url: link,
  mimeType: text,
  description: text,
  tags: z.array(text),
  unpack: z.boolean(),
  createdAt: date,
});
const manifest = z.strictObject({
  id: z.uuid(),
  name: text,
  version: whole,
  description: text,
  assets: z.array(z.strictObject({ id: text, mimeType: text, unpack: z.boolean(), url: link })),
  driverProgram: text,
  modelIds: z.array(z.uuid()),
  modelType: z.literal('Registered'),
  targetRuntime: z.strictObject({ runtimeType: z.enum(['SparkPython', 'Python']), properties: dictionary }),
  webserviceType: z.literal('Realtime'),
  createdTime: date,
});
const state = z.enum(['NotStarted', 'Running', 'Cancelled', 'Succeeded', 'Failed']);
const image = z.strictObject({
  id: z.uuid(),
  name: text,
  version: whole,
  description: text,
  imageType: z.literal('Docker'),
  imageLocation: text,
  imageBuildLogUri: link,
  manifest: manifest.optional(),
  computeResourceId: text,
  createdTime: date,
  creationState: state,
  error: hostingError.optional(),
});
const service = z
  .strictObject({
    id: z.uuid().optional(),
    ID: z.uuid().optional(),
    name: text,
    state,
    createdAt: date,
    updatedAt: date,
    scoringUri: link,
    image: image.optional(),
    manifest: manifest.optional(),
    models: z.array(model),
    computeResource: z.strictObject({ id: text, type: z.literal('Cluster') }),
    appInsightsEnabled: z.boolean(),
    autoScaler: z.strictObject({
      autoscaleEnabled: z.boolean(),
      minReplicas: whole.min(0),
      maxReplicas: whole.min(1),
      refreshPeriodInSeconds: whole.min(1),
      targetUtilization: whole.min(0).max(100),
    }),
    containerResourceReservation: z.strictObject({ cpu: text, memory: text }),
    dataCollection: z.strictObject({ eventHubEnabled: z.boolean(), storageEnabled: z.boolean() }),
    maxConcurrentRequestsPerContainer: whole.min(1),
    numReplicas: whole.min(0),
    error: hostingError.optional(),
  })
  .refine(({ id, ID }) => (id ?? ID) !== undefined, 'has no id');
const deployment = z.strictObject({
  id: text,
  serviceName: text,
  imageId: text.nullable(),
  status: text,
  createdAt: date,
  expiredAt: date.nullable(),
});

const experiment = z.strictObject({
  experimentId: z.uuid(),
  name: text,
  description: text,
  createdUtc: date,
  tags: dictionary,
  archivedTime: date.nullable(),
  latestCreatedRunCreatedUtc: date.nullable(),
  latestCreatedRunId: text.nullable(),
});
const run = z.strictObject({
  runNumber: whole.min(1),
  runId: text,
  rootRunId: text,
  parentRunId: text.nullable(),
  experimentId: text,
  createdUtc: date,
  createdBy: z.strictObject({ userObjectId: z.uuid(), userTenantId: z.uuid(), userName: text }).nullable(),
  userId: text.nullable(),
  token: text,
  tokenExpiryTimeUtc: date,
  error: experimentsError.nullable(),
  warnings: z.array(z.strictObject({ source: text, message: text })).nullable(),
  revision: whole,
  status: text,
  startTimeUtc: date,
  endTimeUtc: date,
  name: text,
  dataContainerId: text.nullable(),
  description: text.nullable(),
  hidden: z.boolean(),
  runType: text,
  properties: dictionary,
  scriptName: text,
  target: text,
  tags: dictionary,
  runDefinition: z.looseObject({}),
  createdFrom: z.null(),
  cancelUri: text.nullable(),
  diagnosticsUri: text.nullable(),
  heartbeatEnabled: z.boolean(),
  options: z.strictObject({ generateDataContainerIdIfNotSpecified: z.boolean() }),
});
const metric = z.strictObject({
  runId: text,
  metricId: z.uuid(),
  dataContainerId: text.nullable(),
  metricType: text,
  createdUtc: date,
  name: text,
  description: text,
  label: text.nullable(),
  numCells: whole,
  dataLocation: text.nullable(),
  cells: z.array(z.record(z.string(), z.unknown())),
  schema: z.strictObject({
    numProperties: whole,
    properties: z.array(z.strictObject({ propertyId: text, name: text, type: text })),
  }),
});
const artifact = z.strictObject({
  artifactId: text,
  origin: text,
  container: text,
  path: text,
  etag: text,
  createdTime: date,
  dataPath: z.null(),
});
const content = z.strictObject({ contentUri: link, origin: text, container: text, path: text });
const asset = z.strictObject({
  id: text,
  name: text,
  description: text,
  artifacts: z.array(z.strictObject({ id: text, prefix: text })),
  kvTags: dictionary,
  properties: dictionary,
  runid: text.nullable(),
  meta: dictionary.nullable(),
  createdTime: date,
});

const armPage = (item: z.ZodType) => z.strictObject({ value: z.array(item), nextLink: link.optional() });
const historyPage = (item: z.ZodType) =>
  z.strictObject({ value: z.array(item), continuationToken: text.nullable(), nextLink: link.nullable() });

interface Shape {
  readonly answer: z.ZodType;
  readonly error: z.ZodType;
}

const hosting = (answer: z.ZodType): Shape => ({ answer, error: hostingError });
const experiments = (answer: z.ZodType): Shape => ({ answer, error: experimentsError });
const managed = (answer: z.ZodType): Shape => ({ answer, error: wrappedError });
const empty = z.undefined();

/** By operation, named as the simulator names what nobody published. */
export const inferredShapes: Readonly<Record<string, Shape>> = {
  '<GetHostingAccount>': managed(hostingAccount),
  '<ListHostingAccounts>': managed(armPage(hostingAccount)),
  '<ListHostingAccountsInGroup>': managed(armPage(hostingAccount)),
  '<DeleteHostingAccount>': managed(empty),
  '<GetClusterOperation>': managed(operationStatus),
  '<GetComputeOperation>': managed(operationStatus),
  '<GetComputeOperationResult>': managed(empty),
  '<GetResourceGroup>': managed(resourceGroup),
  ListModels: hosting(armPage(model)),
  GetModel: hosting(model),
  DeleteModel: hosting(empty),
  ListManifests: hosting(armPage(manifest)),
  GetManifest: hosting(manifest),
  DeleteManifest: hosting(empty),
  ListImages: hosting(armPage(image)),
  GetImage: hosting(image),
  DeleteImage: hosting(empty),
  ListServices: hosting(armPage(service)),
  GetService: hosting(service),
  DeleteService: hosting(empty),
  ListDeployments: hosting(z.array(deployment)),
  GetDeployment: hosting(deployment),
  ListRuns: experiments(historyPage(run)),
  GetRun: experiments(run),
  ListExperiments: experiments(historyPage(experiment)),
  GetExperiment: experiments(experiment),
  ListRunMetrics: experiments(historyPage(metric)),
  ListRunArtifacts: experiments(historyPage(artifact)),
  GetArtifactUri: experiments(link),
  ListArtifacts: experiments(historyPage(artifact)),
  GetContentInformation: experiments(content),
  ListAssets: experiments(historyPage(asset)),
  GetAssetByName: experiments(z.union([asset, z.strictObject({ value: z.array(asset) })])),
  ListJobs: experiments(historyPage(z.looseObject({}))),
};
