import fc from 'fast-check';
import { expect, test } from 'vitest';
import { routerOf } from '../../../local/simulator/http/router.ts';

const find = routerOf([
  { route: 'GET /projects/{projectId}/images/{imageId}' },
  { route: 'GET /projects/{projectId}/images/tagged' },
  { route: 'DELETE /projects/{projectId}' },
  { route: 'GET /artifacts/{origin}/{path*}' },
]);

test('a literal segment is preferred to a parameter, whatever its case', () => {
  expect(find('GET', '/Projects/1/IMAGES/Tagged')?.entry.route).toBe('GET /projects/{projectId}/images/tagged');
  expect(find('GET', '/projects/1/images/other')?.parameters).toEqual({ projectId: '1', imageId: 'other' });
});

test('verbs, missing and surplus segments decide', () => {
  for (const path of ['/projects', '/projects/1/images', '/projects/1/2', '/artifacts/x'])
    expect(find('GET', path)).toBeUndefined();
  expect(find('DELETE', '/projects/1')?.parameters).toEqual({ projectId: '1' });
  expect(find('POST', '/projects/1')).toBeUndefined();
});

test('every parameter comes back as it was before it was percent-encoded', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.isWellFormed());
  fc.assert(
    fc.property(text, (projectId) => {
      expect(find('DELETE', `/PROJECTS/${encodeURIComponent(projectId)}`)?.parameters).toEqual({ projectId });
    }),
  );
});

test('a rest parameter takes slashes raw and encoded', () => {
  for (const path of ['/artifacts/run/outputs/a%20b.pkl', '/artifacts/run/outputs%2Fa%20b.pkl']) {
    expect(find('GET', path)?.parameters).toEqual({ origin: 'run', path: 'outputs/a b.pkl' });
  }
});
