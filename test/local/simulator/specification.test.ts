import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { visionOperations } from '../../../local/simulator/vision/service.ts';
import { atLeast, visionVersions } from '../../../local/simulator/vision/versions.ts';
import { contractsFolder } from './contracts.ts';
import { deviations } from './deviations.ts';
import { published, visionFindings } from './specification.ts';

const recordingSchema = z.object({
  exchanges: z.array(
    z.object({ method: z.string(), path: z.string(), status: z.number(), body: z.unknown().optional() }),
  ),
});

const recordings = readdirSync(`${contractsFolder}recorded`);
const exchanges = recordings
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const recording = recordingSchema.parse(JSON.parse(readFileSync(`${contractsFolder}recorded/${file}`, 'utf8')));
    return recording.exchanges.map((exchange) => ({ file, ...exchange }));
  })
  .filter(({ path, method }) => path.includes('customvision') && !path.endsWith('/publish?') && method !== 'PATCH');

describe('the checker of answers', () => {
  test.each(exchanges)(
    'accepts what the real service answered: $file $method $path',
    ({ method, path, status, body }) => {
      const [pathname = ''] = path.split('?');
      expect(visionFindings({ method, path: pathname, status, ...(body !== undefined && { json: body }) })).toEqual([]);
    },
  );

  const project = '/customvision/v3.0/training/projects/375003a7-9f6d-456b-acea-29fc73259d5c';
  const tag = {
    id: '375003a7-9f6d-456b-acea-29fc73259d5c',
    name: 'a',
    description: null,
    type: 'Regular',
    imageCount: 1,
  };

  test.each([
    ['a member that is not declared', [{ ...tag, colour: 'red' }], /additional/],
    ['a member that is missing', [{ ...tag, imageCount: undefined }], /required/],
    ['null where it is not allowed', [{ ...tag, name: null }], /string/],
    ['an unknown value of an enumeration', [{ ...tag, type: 'Strange' }], /allowed values/],
    ['an id that is no UUID', [{ ...tag, id: '1' }], /uuid/],
    ['a page object instead of an array', { value: [tag] }, /array/],
  ])('objects to %s', (_, body, reason) => {
    const json: unknown = JSON.parse(JSON.stringify(body));
    expect(visionFindings({ method: 'GET', path: `${project}/tags`, status: 200, json }).join()).toMatch(reason);
  });

  test('objects to an operation, a status or a body that the version does not have', () => {
    expect(visionFindings({ method: 'GET', path: `${project}/images`, status: 200, json: [] })).toHaveLength(1);
    expect(visionFindings({ method: 'DELETE', path: `${project}/images`, status: 202 })).toHaveLength(1);
    expect(visionFindings({ method: 'DELETE', path: project, status: 204, json: {} })).toHaveLength(1);
  });
});

describe('the simulator and the published versions', () => {
  test.each(visionVersions)('version %s has routes and names as published, and leaves out what it lacks', (version) => {
    const { operations } = published(version);
    for (const { route, name, since } of visionOperations) {
      expect([route, operations.includes(`${route} ${name}`)]).toEqual([route, atLeast(version, since)]);
    }
  });

  test('every deviation names a member that some version publishes', () => {
    const members = ['1.2', '3.0', '3.1', '3.3', '3.4-preview'].flatMap((version) => published(version).members);
    for (const { definition, property } of deviations) expect(members).toContain(`${definition}.${property}`);
  });
});
