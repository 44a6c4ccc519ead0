import { expect, it } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import { mintTaskId } from '../../../src/lib/domain/ids.ts';
import { toldBy, untoldOf } from '../../../src/lib/plan/told-by.ts';

it.each([
  ['exp-artifacts', ['exp-runs']],
  ['exp-run-artifacts', ['exp-runs']],
  ['exp-run-metrics', ['exp-runs']],
  ['exp-assets', ['exp-runs']],
  ['exp-projects', ['exp-runs']],
  ['ml-run-metrics', ['ml-runs']],
  ['ml-artifacts', ['ml-runs']],
  ['exp-runs', []],
  ['exp-notifications', []],
  ['exp-account', []],
  ['cv-images', []],
])('whose the items of %s are is told by %j', (family, tellers) => {
  expect(toldBy(familyNamed(family))).toEqual(tellers);
});

it('a family on another target tells nothing', () => {
  const task = (family: string, target: string, index: number) => ({
    taskId: mintTaskId(1, index),
    family,
    target,
    stage: 0,
    way: 'parent' as const,
  });
  const artifacts = task('exp-artifacts', 'here', 0);
  expect(untoldOf(artifacts, [artifacts, task('exp-runs', 'there', 1)])).toEqual(['exp-runs']);
  expect(untoldOf(artifacts, [artifacts, task('exp-runs', 'here', 1)])).toEqual([]);
});
