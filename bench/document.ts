/** `npm run bench:document -- bench.json [PAGE]`: puts the table of a report into docs/PERFORMANCE.md, or into another page with its marks. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportMarkdown, withTable } from './report/markdown.ts';
import { reportSchema } from './report/outcome.ts';

const [file, page = join(import.meta.dirname, '../docs/PERFORMANCE.md')] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: npm run bench:document -- bench.json [PAGE]');
const report = reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
await writeFile(page, withTable(await readFile(page, 'utf8'), reportMarkdown(report)));
console.log(`Written: ${page}`);
