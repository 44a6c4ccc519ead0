import type { MaskingTable } from '../domain/masking.ts';

/** Where names are people's own, so that `token` or `secret` is a word like any other: the name of a tag, a property, a metric's column. */
const OWN = {
  /** The resource manager's documents keep their own members below `properties`. */
  resource: { free: ['tags'] },
  /** Nothing says what a run's properties are: only what its people wrote is known to be theirs. */
  guessed: { free: ['tags', 'kvTags', 'cells'] },
  successor: { free: ['tags', 'kvTags', 'properties', 'cells'] },
  none: {},
} as const satisfies Record<string, MaskingTable['families'][string]>;

/**
 * The one table: every document that is stored, and every log line, goes through it. It holds contracts/contradictions.md, section 6, and
 * what the specifications call a secret besides.
 */
export const SECRETS: MaskingTable = {
  // Secrets by what they are called, in unknown members too: a later version of a service may put one anywhere.
  members: [
    'accessKey',
    'accessToken',
    'accountKey',
    'administratorAccount',
    'apiKey',
    'clientSecret',
    'connectionString',
    'password',
    'predictionKeys',
    'primaryKey',
    'secondaryKey',
    'secret',
    'sslCert',
    'sslCertificate',
    'sslKey',
    'token',
    'trainingKeys',
  ],
  paths: ['ssl/key', 'ssl/cert', 'sslConfiguration/key', 'sslConfiguration/cert', 'baseImageRegistry/username'],
  // The signature of a SAS link, in whatever member or text it stands.
  query: ['sig'],
  families: {
    'mm-account': OWN.resource,
    'mm-models': OWN.resource,
    // What a manifest runs on has properties under names of its author's.
    'mm-manifests': { free: ['tags', 'properties'] },
    'mm-services': { free: ['tags', 'properties'] },
    'mm-images': { free: ['tags', 'properties'] },
    'exp-account': OWN.resource,
    'exp-workspaces': OWN.resource,
    'exp-projects': OWN.resource,
    'exp-runs': OWN.guessed,
    'exp-experiments': OWN.guessed,
    'exp-run-metrics': OWN.guessed,
    'exp-run-artifacts': OWN.guessed,
    'exp-assets': OWN.guessed,
    'exp-artifacts': OWN.guessed,
    'exp-notifications': OWN.guessed,
    'compute-clusters': OWN.resource,
    'operationalization-clusters': OWN.resource,
    'ml-experiments': OWN.successor,
    'ml-runs': OWN.successor,
    'ml-run-metrics': OWN.successor,
    'ml-artifacts': OWN.successor,
    'ml-services': OWN.successor,
    'ml-models': OWN.successor,
    'ml-assets': OWN.successor,
    'cv-account': { paths: ['/Keys/*'] },
    'cv-projects': OWN.none,
    'cv-iterations': OWN.none,
    'cv-tags': OWN.none,
    'cv-images': { free: ['metadata'] },
    'cv-predictions': OWN.none,
    'cv-exported-models': OWN.none,
  },
};
