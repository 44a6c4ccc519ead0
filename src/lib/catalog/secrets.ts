import type { MaskingRules } from '../domain/masking.ts';

/**
 * Members whose values never leave upstream in clear (contracts/contradictions.md, section 6). Compared without regard to case, in any
 * depth of any document.
 */
export const SECRET_MEMBERS: readonly string[] = [
  // Experimentation account: storageAccount.accessKey.
  'accessKey',
  // Clusters: orchestratorProperties.servicePrincipal.secret, appInsights.apiKey.
  'secret',
  'apiKey',
  // Computes: administratorAccount.*; services of the successor: sslKey, sslCertificate.
  'administratorAccount',
  'sslKey',
  'sslCert',
  'sslCertificate',
  // Runs.
  'token',
  // Account info of Custom Vision, and what keys are called elsewhere in Azure.
  'primaryKey',
  'secondaryKey',
  'trainingKeys',
  'predictionKeys',
];

/** Members that are secrets where they stand here: elsewhere such a name is a person's own word, as the key of a tag. */
export const SECRET_PATHS: readonly string[] = [
  // Clusters.
  'ssl/key',
  'ssl/cert',
  // Computes.
  'sslConfiguration/key',
  'sslConfiguration/cert',
  // Images of the successor: the registry's sign-in.
  'baseImageRegistry/username',
  'baseImageRegistry/password',
  // Account info of Custom Vision: all that its Keys hold.
  '/Keys/*',
];

/** Query parameters that make a link a key: the signature of a SAS link (`sig`). */
export const SECRET_QUERY: readonly string[] = ['sig'];

/** The one table: every document that is stored goes through it. */
export const SECRETS: MaskingRules = { members: SECRET_MEMBERS, paths: SECRET_PATHS, query: SECRET_QUERY };
