import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import type { Task } from '../../../src/lib/domain/plan.ts';
import { targetSchema } from '../../../src/lib/domain/target.ts';
import { nextErasePhase } from '../../../src/lib/plan/next-phase.ts';
import { keyOf, parametersAt, parentPath } from '../../../src/lib/plan/places.ts';
import { familyNames, makeTasks } from '../../../src/lib/plan/stages.ts';
import { type Asked, parentDepth, parentOf } from '../../../src/lib/plan/ways.ts';

const target = (version: '3.0' | '3.1' | '3.3', name = 'a') =>
  targetSchema.parse({
    kind: 'custom-vision',
    name,
    endpoint: 'https://vision.example',
    signIn: { kind: 'entra' },
    version,
  });

const tasksOf = (families: Asked['families'], version: '3.0' | '3.1' | '3.3', more: Partial<Asked> = {}) =>
  makeTasks({ action: 'delete', families, erase: 'together', ...more }, [target(version)], 1);

const briefly = (tasks: readonly Task[]) =>
  Object.fromEntries(tasks.map(({ family, way, stage }) => [family, `${way} ${stage}`]));

/** Phases in order: `phase stage: families`. */
function courseOf(tasks: readonly Task[]): string[] {
  const course: string[] = [];
  for (let next = nextErasePhase(tasks); next; next = nextErasePhase(tasks, next)) {
    const families = next.taskIds.map((id) => tasks.find(({ taskId }) => taskId === id)?.family);
    course.push(`${next.phase} ${next.stage}: ${families.sort().join(' ')}`);
  }
  return course;
}

describe('A request that lets things go together', () => {
  it.each(['3.0', '3.1', '3.3'] as const)(
    'sends all of a project with it on version %s, and proves that after it',
    (version) => {
      for (const families of ['all', ['cv-projects']] as const) {
        expect(briefly(tasksOf(families, version))).toMatchObject({
          'cv-projects': 'call 0',
          'cv-iterations': 'parent 1',
          'cv-images': 'parent 1',
          'cv-tags': 'parent 1',
          'cv-predictions': 'parent 1',
        });
      }
      expect(courseOf(tasksOf(['cv-projects'], version))).toEqual([
        'recheck 0: cv-images cv-iterations cv-predictions cv-tags',
        'erase 0: cv-projects',
        'prove 0: cv-projects',
        'prove 1: cv-images cv-iterations cv-predictions cv-tags',
      ]);
      expect(briefly(tasksOf('all', version))).toMatchObject({
        'cv-exported-models': 'hand 0',
        'cv-account': 'hand 0',
      });
    },
  );

  it('erases images without their project by one call where the version has it, before iterations are touched', () => {
    const tasks = tasksOf(['cv-images', 'cv-iterations', 'cv-tags'], '3.1');
    expect(briefly(tasks)).toEqual({ 'cv-images': 'whole 0', 'cv-iterations': 'call 1', 'cv-tags': 'call 1' });
    expect(courseOf(tasks).slice(0, 4)).toEqual([
      'recheck 0: cv-images',
      'clear 0: cv-images',
      'erase 0: cv-images',
      'prove 0: cv-images',
    ]);
  });

  it('erases them by ids on version 3.0, after the iterations', () => {
    expect(briefly(tasksOf(['cv-images', 'cv-iterations'], '3.0'))).toEqual({
      'cv-iterations': 'call 0',
      'cv-images': 'call 1',
    });
  });

  it('says of each family how deep the parent stands', () => {
    for (const task of tasksOf('all', '3.3')) {
      const goes = task.way === 'parent';
      expect([parentOf(task), parentDepth(task)]).toEqual(goes ? ['cv-projects', 1] : [undefined, 0]);
    }
    expect(tasksOf(['cv-images'], '3.3').map(parentDepth)).toEqual([1]);
  });
});

describe('A request that says nothing of it, or asks for each by itself', () => {
  const others = fc.record({
    action: fc.constantFrom('export' as const, 'delete' as const),
    families: fc.oneof(
      fc.constant('all' as const),
      fc.subarray(
        familyNames().filter((name) => name.startsWith('cv-')),
        { minLength: 1 },
      ),
    ),
    exportFirst: fc.boolean(),
  });

  it('has the tasks that the catalogue alone makes; so has an export that says together', () => {
    fc.assert(
      fc.property(others, fc.constantFrom('3.0' as const, '3.3' as const), (asked, version) => {
        const plain = makeTasks(asked, [target(version)], 1);
        for (const { family, way, role } of plain)
          expect(way).toBe(role === undefined ? familyNamed(family).erase.by : 'keep');
        expect(makeTasks({ ...asked, erase: 'each' }, [target(version)], 1)).toEqual(plain);
        if (asked.action === 'export')
          expect(makeTasks({ ...asked, erase: 'together' }, [target(version)], 1)).toEqual(plain);
      }),
    );
  });
});

describe('The path of a parent', () => {
  it('gives back the parameters from which the key of an item was made, whatever they are', () => {
    const images = familyNamed('cv-images');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.uuid(), (projectId, id) => {
        fc.pre(projectId.isWellFormed());
        const path = parentPath(keyOf(images, { projectId, iterationId: 'any' }, id), 1);
        expect(parametersAt(images, path)).toEqual({ projectId });
      }),
    );
  });
});
