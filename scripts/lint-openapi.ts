/** Lints docs/openapi.json with Redocly's recommended rules: an error and a warning weigh the same. */
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';

/** Rules that don't fit somewhere, and why. */
const EXCEPTIONS = [
  {
    rule: 'operation-4xx-response',
    places: ['health', '.well-known~1jwks.json', 'openapi.json'].map((path) => `#/paths/~1${path}/get/responses`),
    why: 'Whoever asks is answered, and nothing of the request is looked at: no call is wrong.',
  },
];

const isExcepted = (ruleId: string, pointer: string): boolean =>
  EXCEPTIONS.some(({ rule, places }) => rule === ruleId && places.includes(pointer));

const config = await createConfig({ extends: ['recommended'] });
const all = await lint({ ref: join(import.meta.dirname, '../docs/openapi.json'), config });
const problems = all.filter(({ ruleId, location }) => !isExcepted(ruleId, location[0]?.pointer ?? ''));

for (const { ruleId, severity, message, location } of problems) {
  console.log(`${severity} ${ruleId} ${location[0]?.pointer ?? ''}\n  ${message}`);
}
console.log(`docs/openapi.json: ${problems.length === 0 ? 'nothing to say' : `${problems.length} problems`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
