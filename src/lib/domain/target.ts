import { z } from 'zod';

const targetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, at most 63');
const origin = z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, ''));

/** The app's own identity; the scope of its token is a setting (contracts/contradictions.md, 16). */
const entra = (scope: string) => z.strictObject({ kind: z.literal('entra'), scope: z.string().default(scope) });
/** A key from an app setting: the setting's name stands here, never the key. */
const key = z.strictObject({ kind: z.literal('key'), setting: z.string().min(1) });

/** Hosts (or their parent domains, with a leading dot) to which links in answers may lead. */
const linkHosts = z.array(z.string()).default(['.blob.core.windows.net']);
const pace = (perSecond: number, burst: number) =>
  z
    .strictObject({ perSecond: z.number().positive(), burst: z.number().int().positive() })
    .default({ perSecond, burst });

const customVision = z.strictObject({
  kind: z.literal('custom-vision'),
  name: targetName,
  endpoint: origin,
  version: z.enum(['3.0', '3.1', '3.3']).default('3.3'),
  /** Account info exists in version 1.x only; without this it is reported as not available. */
  accountVersion: z.enum(['1.0', '1.1', '1.2']).optional(),
  signIn: z.discriminatedUnion('kind', [key, entra('https://cognitiveservices.azure.com/.default')]),
  linkHosts,
  /** Calls a second and burst that the service grants a key (contracts/endpoints.md, tC). */
  pace: pace(10, 10),
});

/** What all targets behind the resource manager have in common. Its buckets refill at 10 a second (contracts/endpoints.md, tA). */
const managed = {
  name: targetName,
  subscriptionId: z.uuid(),
  resourceGroup: z.string().min(1).max(90),
  signIn: entra('https://management.azure.com/.default').prefault({ kind: 'entra' }),
  linkHosts,
  pace: pace(10, 50),
};
const location = z.string().regex(/^[a-z0-9]{1,40}$/, 'must be a region without blanks, such as eastus2');
/** Experimentation names: machinelearningexperimentation-2017-05-01-preview.json. */
const experimentationName = z.string().regex(/^[a-zA-Z0-9]{5,50}$/);
const workspaceName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,259}$/);

const modelManagement = z.strictObject({
  kind: z.literal('model-management'),
  ...managed,
  account: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,89}$/),
  location,
});
const experimentation = z.strictObject({
  kind: z.literal('experimentation'),
  ...managed,
  account: experimentationName,
  location,
});
const computes = z.strictObject({
  kind: z.literal('computes'),
  ...managed,
  workspace: workspaceName,
  mayDeleteInfrastructure: z.boolean().default(false),
});
const clusters = z.strictObject({
  kind: z.literal('clusters'),
  ...managed,
  mayDeleteInfrastructure: z.boolean().default(false),
});
const machineLearning = z.strictObject({
  kind: z.literal('machine-learning'),
  ...managed,
  workspace: workspaceName,
  location,
});

/** One Azure resource root that the operator has registered. */
export const targetSchema = z.discriminatedUnion('kind', [
  customVision,
  modelManagement,
  experimentation,
  computes,
  clusters,
  machineLearning,
]);
export type Target = z.infer<typeof targetSchema>;
export type TargetKind = Target['kind'];

/** The version of the service that a target speaks; `0` where the catalogue knows no versions. */
export const versionOf = (target: Target): string => ('version' in target ? target.version : '0');

/** The operator's data map. */
export const targetsSchema = z
  .strictObject({ targets: z.array(targetSchema).min(1).max(500) })
  .refine(({ targets }) => new Set(targets.map((target) => target.name)).size === targets.length, {
    message: 'two targets have the same name',
  });
