import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderCatalog } from '../../scripts/catalog-document.ts';
import { BRANCHES } from '../../src/lib/catalog/catalog.ts';
import { listOperations } from '../../src/lib/catalog/listing.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('docs/CATALOG.md', () => {
  it('is what the tables say now; if not: npm run catalog -- --write', async () => {
    expect(await readFile(join(root, 'docs/CATALOG.md'), 'utf8')).toBe(renderCatalog(BRANCHES));
  });
});

describe('the catalogue on the command line', () => {
  it('prints every operation as JSON with its full URL template', async () => {
    const { stdout } = await run(process.execPath, ['scripts/catalog.ts', '--json'], { cwd: root });
    const printed: unknown = JSON.parse(stdout);
    expect(printed).toEqual(listOperations());
    expect(printed).toContainEqual({
      seed: 'S4',
      family: 'cv-images',
      operation: 'GetTaggedImages',
      method: 'GET',
      url: '{Endpoint}/customvision/v{version}/training/projects/{projectId}/images/tagged?orderBy=Oldest&take=256&skip={skip}{&iterationId}',
      row: '46',
      confidence: ['spec', 'rec'],
    });
    // What a deletion is proved by is called too.
    expect(printed).toContainEqual(
      expect.objectContaining({
        family: 'ml-artifacts',
        operation: 'Artifacts_Get',
        method: 'GET',
        row: 'mlservices-dataplane-artifact-2019-09-30.json',
      }),
    );
  });

  it('prints a table for people otherwise', async () => {
    const { stdout } = await run(process.execPath, ['scripts/catalog.ts'], { cwd: root });
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header?.split(/ {2,}/)).toEqual(['seed', 'family', 'operation', 'method', 'url']);
    expect(rows).toHaveLength(listOperations().length);
  });
});
