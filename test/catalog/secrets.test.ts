import { describe, expect, test } from 'vitest';
import { BRANCHES } from '../../src/lib/catalog/catalog.ts';
import { SECRETS } from '../../src/lib/catalog/secrets.ts';
import { familyMasker, MASKED } from '../../src/lib/domain/masking.ts';
import { answeredWays } from './specified.ts';

const mask = familyMasker(SECRETS);
const families = BRANCHES.flatMap((branch) => branch.families);

const MARKER = 'PLANTED';
/** A document with a value at the end of a way of members; `[]` is a list. */
const planted = (way: string, value: unknown = MARKER): unknown =>
  way
    .split('.')
    .reduceRight<unknown>(
      (inner, name) => (name.endsWith('[]') ? { [name.slice(0, -2)]: [{ first: 1 }, inner] } : { [name]: inner }),
      value,
    );
const isMasked = (family: string, way: string): boolean => {
  const text = JSON.stringify(mask(family, planted(way)));
  return !text.includes(MARKER) && text.includes(MASKED);
};

/** contracts/contradictions.md, section 6, and what the specifications of the successor add, written down by hand. */
const SECRET_WAYS: Readonly<Record<string, readonly string[]>> = {
  'exp-account': ['properties.storageAccount.accessKey'],
  'operationalization-clusters': [
    'properties.containerService.orchestratorProperties.servicePrincipal.secret',
    'properties.appInsights.apiKey',
    'properties.globalServiceConfiguration.ssl.key',
    'properties.globalServiceConfiguration.ssl.cert',
  ],
  'compute-clusters': [
    'properties.properties.administratorAccount.username',
    'properties.properties.administratorAccount.password',
    'properties.properties.administratorAccount.publicKeyData',
    'properties.properties.administratorAccount.privateKeyData',
    'properties.properties.sslConfiguration.key',
    'properties.properties.sslConfiguration.cert',
  ],
  'exp-runs': [
    'token',
    'Token',
    'run.token',
    'runs[].token',
    'runDefinition.environment.docker.baseImageRegistry.password',
  ],
  'ml-runs': [
    'token',
    'runDefinition.environment.docker.baseImageRegistry.username',
    'runDefinition.Environment.Docker.BaseImageRegistry.Password',
  ],
  'ml-services': [
    'sslKey',
    'sslCertificate',
    'environment.docker.baseImageRegistry.username',
    'environment.docker.baseImageRegistry.password',
    'variants[].environment.docker.baseImageRegistry.username',
    'variants[].environment.docker.baseImageRegistry.password',
  ],
  'cv-account': [
    'Keys.TrainingKeys.PrimaryKey',
    'Keys.TrainingKeys.SecondaryKey',
    'Keys.PredictionKeys.PrimaryKey',
    'Keys.PredictionKeys.SecondaryKey',
    'keys.trainingKeys.primaryKey',
  ],
};

/** Members that are called like a secret and are none. */
const HARMLESS = [
  'tokenExpiryTimeUtc',
  'authEnabled',
  'aadAuthEnabled',
  'sslEnabled',
  // Ids of resources.
  'keyVaultId',
  'keyVault',
  // Digests.
  'serviceAuth',
  'primaryAuthKeyHash',
  'secondaryAuthKeyHash',
];

describe('the table of secrets', () => {
  test('says of every family where names are people’s own, if anywhere', () => {
    expect(Object.keys(SECRETS.families).sort()).toEqual(families.map(({ family }) => family).sort());
  });

  test.each(Object.entries(SECRET_WAYS).flatMap(([family, ways]) => ways.map((way) => [family, way] as const)))(
    '%s: masks %s',
    (family, way) => {
      expect(isMasked(family, way)).toBe(true);
    },
  );

  test('masks of what the specifications describe all that is a secret, and nothing else', () => {
    const ways = answeredWays(families);
    const suspect = /key|secret|passw|token|cert|credential|connection|auth|sas$/i;
    const kept = ways.filter(({ family, way, name }) => suspect.test(name) && !isMasked(family, way));
    expect(kept.filter(({ name }) => !HARMLESS.includes(name))).toEqual([]);
    const masked = ways.filter(({ family, way }) => isMasked(family, way)).map(({ family, way }) => `${family} ${way}`);
    const wanted = Object.entries(SECRET_WAYS).flatMap(([family, all]) => all.map((way) => `${family} ${way}`));
    const unexpected = masked.filter((way) => !wanted.some((one) => one === way || one.startsWith(`${way}.`)));
    expect(unexpected).toEqual([]);
    expect(masked.length).toBeGreaterThan(25);
    expect(ways.length).toBeGreaterThan(300);
  });

  test('keeps what people name themselves, even if they call it like a secret', () => {
    const names = [...SECRETS.members, 'key', 'cert', 'keys'];
    const own: Readonly<Record<string, readonly string[]>> = {
      'exp-runs': ['tags'],
      'exp-run-metrics': ['cells[]'],
      'exp-assets': ['kvTags'],
      'ml-runs': ['tags', 'properties'],
      'ml-run-metrics': ['cells[]'],
      'ml-models': ['kvTags', 'properties'],
      'ml-services': ['kvTags', 'properties'],
      'cv-images': ['metadata'],
      'exp-projects': ['tags'],
      'operationalization-clusters': ['tags'],
      'compute-clusters': ['tags'],
      'mm-manifests': ['targetRuntime.properties'],
    };
    for (const [family, ways] of Object.entries(own)) {
      for (const way of ways) {
        for (const name of names) {
          const document = planted(way, { [name]: 'mine' });
          expect(mask(family, document), `${family} ${way}.${name}`).toEqual(document);
        }
      }
    }
  });

  test('masks the signature of a link in every family, in texts too', () => {
    const links = ['url', 'contentUri', 'downloadUri', 'originalImageUri', 'ImageUri', 'description', 'tags.a'];
    for (const { family } of families) {
      expect(mask(family, `https://x.blob.core.windows.net/a?sv=1&sig=${MARKER}`)).not.toContain(MARKER);
      for (const way of links) {
        const document = planted(way, `see https://x.blob.core.windows.net/a?sv=1&sig=${MARKER}&se=2`);
        expect(JSON.stringify(mask(family, document)), `${family} ${way}`).not.toContain(MARKER);
      }
    }
  });
});
