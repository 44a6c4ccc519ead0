/** `npm run openapi -- --write`: writes docs/openapi.json; `--check` says whether it is up to date; without either prints it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApiText } from '../src/lib/api/document.ts';

const file = join(import.meta.dirname, '../docs/openapi.json');
const { values } = parseArgs({ options: { write: { type: 'boolean' }, check: { type: 'boolean' } } });

if (values.write) {
  await writeFile(file, openApiText());
  console.log(`Written: ${file}`);
} else if (values.check) {
  const fresh = (await readFile(file, 'utf8')) === openApiText();
  console.log(
    fresh ? 'docs/openapi.json is up to date.' : 'docs/openapi.json is stale: run npm run openapi -- --write',
  );
  process.exitCode = fresh ? 0 : 1;
} else {
  process.stdout.write(openApiText());
}
