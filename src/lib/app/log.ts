import { SECRETS } from '../catalog/secrets.ts';
import type { Facts, Log } from '../domain/log.ts';
import { familyMasker } from '../domain/masking.ts';

const mask = familyMasker(SECRETS);

/**
 * One structured event a line, on standard output: the host takes it from there. No secret ever gets here; should one, it is masked by the
 * table that documents go through.
 */
export const writeLog: Log = (event: string, facts: Facts): void => {
  console.log(JSON.stringify(mask('log', { event, ...facts })));
};
