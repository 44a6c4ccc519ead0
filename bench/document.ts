/** `npm run bench:document -- bench.json`: puts the table of a report into docs/PERFORMANCE.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportMarkdown, withTable } from './report/markdown.ts';
import { reportSchema } from './report/outcome.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: npm run bench:document -- bench.json');
const page = join(import.meta.dirname, '../docs/PERFORMANCE.md');
const report = reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
await writeFile(page, withTable(await readFile(page, 'utf8'), reportMarkdown(report)));
