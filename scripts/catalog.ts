import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BRANCHES } from '../src/lib/catalog/catalog.ts';
import { listOperations } from '../src/lib/catalog/listing.ts';
import { renderCatalog } from './catalog-document.ts';
import { renderTable } from './text-table.ts';

const document = join(import.meta.dirname, '../docs/CATALOG.md');
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, write: { type: 'boolean' }, check: { type: 'boolean' } },
});

if (values.write) {
  await writeFile(document, renderCatalog(BRANCHES));
  console.log(`Written: ${document}`);
} else if (values.check) {
  const fresh = (await readFile(document, 'utf8')) === renderCatalog(BRANCHES);
  console.log(fresh ? 'docs/CATALOG.md is up to date.' : 'docs/CATALOG.md is stale: run npm run catalog -- --write');
  process.exitCode = fresh ? 0 : 1;
} else {
  const listed = listOperations(BRANCHES);
  const header = ['seed', 'family', 'operation', 'method', 'url'];
  const rows = listed.map((one) => [one.seed, one.family, one.operation, one.method, one.url]);
  console.log(values.json ? JSON.stringify(listed, undefined, 2) : renderTable(header, rows));
}
