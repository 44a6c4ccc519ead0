/** `node faults/document.ts RESULT.json`: puts the table of a run into docs/RELIABILITY.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTable } from './markdown.ts';
import { resultSchema } from './result.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node faults/document.ts RESULT.json');
const document = join(import.meta.dirname, '../docs/RELIABILITY.md');
const result = resultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
await writeFile(document, withTable(await readFile(document, 'utf8'), result));
console.log(`Written: ${document}`);
