import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Description } from '../../../src/lib/api/description.ts';
import { openApiDocument, openApiText } from '../../../src/lib/api/document.ts';
import { DUE, REQUEST_ID, SUBJECT_REQUEST_ID, SUBMITTED } from '../../../src/lib/api/examples.ts';
import { ROUTES } from '../../../src/lib/api/routes.ts';
import { WEBHOOKS, type Webhook } from '../../../src/lib/api/webhooks.ts';
import { type Change, callbackEventSchema } from '../../../src/lib/domain/callback.ts';
import { requestIdSchema } from '../../../src/lib/domain/ids.ts';
import { NOTICES } from '../../../src/lib/domain/notice.ts';
import type { OpenDsrVersion } from '../../../src/lib/domain/open-dsr.ts';
import { callbackBody } from '../../../src/lib/steps/callbacks/callback-body.ts';
import { openDsrCallback } from '../../../src/lib/steps/open-dsr/answers.ts';
import { createCallbacks } from '../../../src/lib/upstream/callbacks.ts';
import { newRecord } from '../store/support/records.ts';

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

describe('The description of each callback', () => {
  const record = newRecord({
    requestId: requestIdSchema.parse(REQUEST_ID),
    due: { regulation: 'gdpr', by: DUE },
  });
  const change = (of: Partial<Change>): Change => ({
    seq: 7,
    at: SUBMITTED,
    state: 'running',
    touched: true,
    done: [],
    ...of,
  });
  const url = 'https://controller.example.com/told';
  const processor = { domain: 'd.example', baseUrl: 'https://d.example', certificate: '', sign: () => 'signed' };
  const standard = (version: OpenDsrVersion) => {
    const openDsr = { version, subjectRequestId: requestIdSchema.parse(SUBJECT_REQUEST_ID) };
    return openDsrCallback(processor, { ...record, openDsr }, { url, change: change({}) });
  };

  it('has the examples that the code makes which tells', () => {
    expect(Object.values(WEBHOOKS.requestEvent.examples)).toEqual([
      JSON.parse(callbackBody(record, change({}))),
      JSON.parse(callbackBody(record, change({ seq: 8, state: 'awaiting-decision', notice: 'due-soon' }))),
    ]);
    for (const [version, { examples }] of [
      ['2.0', WEBHOOKS.openDsrStatusChanged],
      ['1.0', WEBHOOKS.openGdprStatusChanged],
    ] as const)
      expect(Object.values(examples)).toEqual([JSON.parse(standard(version).body)]);
  });

  it('names the headers with which the code tells, and every notice', () => {
    const callbacks = createCallbacks({ hosts: [], secrets: [`whsec_${'A'.repeat(32)}`], loopback: false });
    const signed = callbacks.sign({ id: 'a', at: new Date(), body: '{}' });
    expect(WEBHOOKS.requestEvent.headers).toEqual(Object.keys(signed));
    expect(WEBHOOKS.openDsrStatusChanged.headers).toEqual(Object.keys(standard('2.0').headers));
    expect(WEBHOOKS.openGdprStatusChanged.headers).toEqual(Object.keys(standard('1.0').headers));
    for (const notice of NOTICES) callbackEventSchema.parse(JSON.parse(callbackBody(record, change({ notice }))));
  });

  it.each(Object.entries<Webhook>(WEBHOOKS))(
    '%s has examples that are as its schema says',
    (_, { schema, examples }) => {
      for (const example of Object.values(examples)) expect(schema.parse(example)).toEqual(example);
    },
  );
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
