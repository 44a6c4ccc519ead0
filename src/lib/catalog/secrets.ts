/**
 * Members whose values never leave upstream in clear (contracts/contradictions.md, section 6). Compared without regard to case, in any
 * depth of any document.
 */
export const SECRET_MEMBERS: readonly string[] = [
  'accessKey',
  'secret',
  'apiKey',
  'sslKey',
  'sslCert',
  'administratorAccount',
  'token',
  'primaryKey',
  'secondaryKey',
  'trainingKeys',
  'predictionKeys',
];

/** Query parameters that make a link a key: the signature of a SAS link (`sig`). */
export const SECRET_QUERY: readonly string[] = ['sig'];
