/** `node faults/document.ts RESULT.json [PAGE]`: puts the table of a run into docs/RELIABILITY.md, or into another page with its marks. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTable } from './markdown.ts';
import { resultSchema } from './result.ts';

const [file, page = join(import.meta.dirname, '../docs/RELIABILITY.md')] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node faults/document.ts RESULT.json [PAGE]');
const result = resultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
await writeFile(page, withTable(await readFile(page, 'utf8'), result));
console.log(`Written: ${page}`);
