import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Description } from '../../../src/lib/api/description.ts';
import { openApiDocument, openApiText } from '../../../src/lib/api/document.ts';
import { ROUTES } from '../../../src/lib/api/routes.ts';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const described = Object.entries<Description>(ROUTES);

describe('docs/openapi.json', () => {
  it('is what the table of routes says now; if not: npm run openapi -- --write', async () => {
    expect(await readFile(join(root, 'docs/openapi.json'), 'utf8')).toBe(openApiText());
    expect((await run(process.execPath, ['scripts/openapi.ts', '--check'], { cwd: root })).stdout).toContain(
      'up to date',
    );
  });

  it('has nothing that the linter objects to', async () => {
    const { stdout } = await run(process.execPath, ['scripts/lint-openapi.ts'], { cwd: root });
    expect(stdout).toBe('docs/openapi.json: nothing to say\n');
  });

  it('refers to nothing that is not there', () => {
    const text = openApiText();
    const { components } = openApiDocument();
    const references = [...text.matchAll(/"\$ref": "#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, kind = '', name = ''] of references) expect(components).toHaveProperty([kind, name]);
  });
});

describe('The description of each route', () => {
  it.each(described)('%s names every variable part of its path, and no other', (_, { path, parts = {} }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(parts)).toEqual(names);
    for (const { schema, example } of Object.values(parts)) expect(schema.safeParse(example).success).toBe(true);
  });

  it.each(described)('%s has examples that are as its schemas say', (_, { body, answer }) => {
    for (const example of Object.values(body?.examples ?? {})) body?.schema.parse(example);
    if ('example' in answer) expect(answer.json?.parse(answer.example)).toEqual(answer.example);
  });

  it.each(described)('%s refers to its bodies and answers by name', (name, { body, answer }) => {
    const { content } = operationSchema.parse(operationsByName().get(name)).responses[answer.status] ?? {};
    const sent = operationSchema.parse(operationsByName().get(name)).requestBody?.content['application/json'];
    if (body) expect(sent?.schema).toHaveProperty('$ref');
    if (answer.json) expect(content?.[answer.mediaType ?? 'application/json']?.schema).toHaveProperty('$ref');
  });
});

const contentSchema = z.record(z.string(), z.object({ schema: z.unknown() }));
const operationSchema = z.object({
  operationId: z.string(),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: contentSchema.optional() })),
});
const pathsSchema = z.record(z.string(), z.record(z.string(), operationSchema));

function operationsByName(): Map<string, z.infer<typeof operationSchema>> {
  const operations = Object.values(pathsSchema.parse(openApiDocument().paths)).flatMap((path) => Object.values(path));
  return new Map(operations.map((operation) => [operation.operationId, operation]));
}
