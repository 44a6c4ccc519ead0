/** Fields that must never leave upstream in clear (contracts/contradictions.md, section 6; the last four are the successor's). */
const secretFields = [
  'storageAccount.accessKey',
  'servicePrincipal.secret',
  'appInsights.apiKey',
  'ssl.key',
  'ssl.cert',
  'administratorAccount.username',
  'administratorAccount.password',
  'administratorAccount.publicKeyData',
  'administratorAccount.privateKeyData',
  'sslConfiguration.key',
  'sslConfiguration.cert',
  'Run.token',
  'PredictionKeys.PrimaryKey',
  'PredictionKeys.SecondaryKey',
  'sig',
  'sslKey',
  'sslCertificate',
  'baseImageRegistry.username',
  'baseImageRegistry.password',
] as const;

export type SecretField = (typeof secretFields)[number];

/** The recognizable value planted in a secret field. */
export function plantedSecret(field: SecretField): string {
  return `PLANTED-SECRET-${field}`;
}

/** All markers: a leak test looks for each of them where none belongs. Every signature of a link begins with the one of `sig`. */
export const plantedSecrets: readonly string[] = secretFields.map(plantedSecret);
