import { z } from 'zod';

const amount = z.number().int().min(0);
const name = z.string().min(1);

const personSchema = z.strictObject({ objectId: z.uuid(), upn: z.string(), name: z.string() });

/** Sizes of one run history: a project's, or a workspace's of the successor. */
export const historyOptionsSchema = z.strictObject({
  experiments: amount.default(2),
  runs: amount.default(6),
  /** Of these, the first so many tell no creator. */
  anonymousRuns: amount.default(0),
  /** Of these, the first so many carry a tag `reviewer` with the next person's user principal name. */
  reviewedRuns: amount.default(0),
  artifactsPerRun: amount.default(2),
  metricsPerRun: amount.default(1),
  assets: amount.default(2),
  /** How many assets in a row share one name, as versions do. */
  assetVersions: z.number().int().min(1).default(1),
  jobsPerPerson: amount.default(1),
  /** Which runs keep artifacts in a container `dcid.{runId}` instead of one named like the run. */
  dataContainers: z.enum(['none', 'half', 'all']).default('half'),
  artifactBytes: z.union([amount, z.tuple([amount, amount])]).default([100, 2_000]),
  /** Who created the runs, in turn: places in the world's `people`; all of them if left out. */
  people: z.array(amount).min(1).optional(),
  /** Unicode, reserved characters and a path of 300 characters among the names. */
  wildNames: z.boolean().default(true),
});

const place = {
  name: name.optional(),
  subscriptionId: z.uuid().default('5ba3e4c1-2d0f-4a7e-9c1b-0a6d8f2e7b43'),
  resourceGroup: name.default('learning'),
  location: name.default('East US 2'),
};

const projectSchema = historyOptionsSchema.extend({ name: name.optional() });
const projectsSchema = z.union([amount, z.array(projectSchema.prefault({}))]).default(1);
const workspaceSchema = z.strictObject({ name: name.optional(), projects: projectsSchema });

const experimentationSchema = z.strictObject({
  ...place,
  workspaces: z.union([amount, z.array(workspaceSchema.prefault({}))]).default(1),
});

const registrySizes = {
  models: amount.default(3),
  images: amount.default(2),
  services: amount.default(2),
  modelBytes: amount.default(1_500),
};

const modelManagementSchema = z.strictObject({
  ...place,
  ...registrySizes,
  manifests: amount.default(2),
  /** Of the models, the first so many carry a person's user principal name among their tags, the people in turn. */
  ownedModels: amount.default(0),
  /** Host of the data plane; if left out, the region's. */
  dataHost: z.string().toLowerCase().optional(),
  /** Whether the account names its `modelManagementSwaggerLocation`. */
  tellsHost: z.boolean().default(true),
});

const computeType = z.enum(['AKS', 'BatchAI', 'DataFactory', 'VirtualMachine', 'HDInsight']);
const computesSchema = z.union([amount, z.array(z.strictObject({ name: name.optional(), type: computeType }))]);

const computeWorkspaceSchema = z.strictObject({ ...place, computes: computesSchema.default(5) });
const successorSchema = z.strictObject({
  ...place,
  ...historyOptionsSchema.shape,
  ...registrySizes,
  /** Of the models, the first so many are registered as assets: one artifact by its id, two below a prefix, in turn. */
  assetModels: amount.default(0),
  computes: computesSchema.default(0),
});
const clusterSchema = z.strictObject({ ...place, secretInClear: z.boolean().default(false) });

/** Keys of the world's options for Azure Machine Learning: nothing of it exists unless asked for. */
export const learningShape = {
  people: z.array(personSchema).min(1).optional(),
  experimentation: z.array(experimentationSchema.prefault({})).default([]),
  modelManagement: z.array(modelManagementSchema.prefault({})).default([]),
  computeWorkspaces: z.array(computeWorkspaceSchema.prefault({})).default([]),
  clusters: z.array(clusterSchema.prefault({})).default([]),
  successor: z.array(successorSchema.prefault({})).default([]),
  /** Scopes (beginnings of ARM paths) that answer 403. */
  deniedScopes: z.array(z.string()).default([]),
};

/** Keys of the world's `behaviour` for Azure Machine Learning: see `LearningBehaviour`. */
export const learningBehaviourShape = {
  pageSize: z.number().int().min(1).default(100),
  continuation: z.enum(['both', 'token', 'link']).default('both'),
  skipTokenName: z.enum(['$skipToken', '$skiptoken']).default('$skipToken'),
  pollsUntilDeleted: amount.default(2),
  pollAfterSeconds: amount.optional(),
  parentsWithChildren: z.enum(['refused', 'cascade']).default('refused'),
  referencedItems: z.enum(['deletable', 'refused']).default('deletable'),
  runIdAsContainer: z.boolean().default(false),
  assetByName: z.enum(['one', 'versions']).default('one'),
  serviceIdSpelling: z.enum(['id', 'ID']).default('id'),
  successorServiceDeletion: z.enum(['done', 'accepted']).default('accepted'),
};

const learningSchema = z.strictObject(learningShape);

export type LearningSizes = z.output<typeof learningSchema>;
export type HistorySizes = z.output<typeof historyOptionsSchema>;
export type ExperimentationSizes = LearningSizes['experimentation'][number];
export type ModelManagementSizes = LearningSizes['modelManagement'][number];
export type SuccessorSizes = LearningSizes['successor'][number];
export type ComputeWishes = z.output<typeof computesSchema>;
export type PlaceWishes = Pick<LearningSizes['clusters'][number], keyof typeof place>;
