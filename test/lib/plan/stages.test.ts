import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customVision } from '../../../src/lib/catalog/custom-vision.ts';
import type { Family } from '../../../src/lib/catalog/family.ts';
import type { Task } from '../../../src/lib/domain/plan.ts';
import { targetSchema } from '../../../src/lib/domain/target.ts';
import { nextErasePhase, type PhaseOfTasks } from '../../../src/lib/plan/next-phase.ts';
import { familiesFor, makeTasks, stageOf } from '../../../src/lib/plan/stages.ts';

const [anyFamily] = customVision.families;
if (!anyFamily) throw new Error('The branch has no family.');
const named = (family: string, after: readonly string[]): Family => ({ ...anyFamily, family, after });

/** Families without a circle: each comes after some of those before it; listed in any order. */
const acyclic = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 10 })
  .map((rows) =>
    rows.map((after, index) =>
      named(
        `f${index}`,
        after.filter((other) => other < index).map((other) => `f${other}`),
      ),
    ),
  )
  .chain((families) => fc.shuffledSubarray(families, { minLength: 1 }));

const target = (name: string) =>
  targetSchema.parse({
    kind: 'custom-vision',
    name,
    endpoint: 'https://vision.example',
    signIn: { kind: 'entra' },
  });

describe('Stages of an erasure', () => {
  it('put every family after all that it names, as far as they take part, in any catalogue without a circle', () => {
    fc.assert(
      fc.property(acyclic, (families) => {
        for (const family of families) {
          const before = families.filter((other) => family.after.includes(other.family));
          const stage = stageOf(family, families);
          for (const other of before) expect(stageOf(other, families)).toBeLessThan(stage);
          // Not later than needed: one of those before it stands right there.
          if (stage > 0) expect(before.map((other) => stageOf(other, families))).toContain(stage - 1);
        }
      }),
    );
  });

  it('refuse a catalogue with a circle', () => {
    const families = [named('a', ['b']), named('b', ['c']), named('c', ['a'])];
    for (const family of families) expect(() => stageOf(family, families)).toThrow(/cycle/);
  });

  it('erase iterations before the images of which they keep copies, and projects last', () => {
    const families = familiesFor('custom-vision', 'delete', 'all');
    const stages = Object.fromEntries(families.map((family) => [family.family, stageOf(family, families)]));
    expect(stages).toEqual({
      'cv-account': 0,
      'cv-iterations': 0,
      'cv-predictions': 0,
      'cv-exported-models': 0,
      'cv-images': 1,
      'cv-tags': 2,
      'cv-projects': 3,
    });
  });
});

describe('The families of a request', () => {
  it('are those that it names; a parent’s erasure takes in what lies within it, an export does not', () => {
    const names = (families: readonly Family[]) => families.map((family) => family.family).sort();
    expect(names(familiesFor('custom-vision', 'export', ['cv-projects']))).toEqual(['cv-projects']);
    expect(names(familiesFor('custom-vision', 'delete', ['cv-projects']))).toEqual([
      'cv-images',
      'cv-iterations',
      'cv-predictions',
      'cv-projects',
      'cv-tags',
    ]);
    expect(familiesFor('custom-vision', 'delete', 'all')).toEqual(customVision.families);
    expect(familiesFor('a kind that nobody knows', 'delete', 'all')).toEqual([]);
  });

  it('become one task for each target, with ids of their own and the plan’s revision', () => {
    const tasks = makeTasks({ action: 'delete', families: ['cv-tags', 'cv-images'] }, [target('a'), target('b')], 3);
    expect(tasks.map(({ family, target: name }) => `${name} ${family}`).sort()).toEqual([
      'a cv-images',
      'a cv-tags',
      'b cv-images',
      'b cv-tags',
    ]);
    expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(4);
    expect(tasks.every(({ taskId }) => taskId.startsWith('3-'))).toBe(true);
    const stage = (family: string) => tasks.find((task) => task.family === family)?.stage ?? -1;
    expect(stage('cv-images')).toBeLessThan(stage('cv-tags'));
  });

  it('of an export are worked on all at once', () => {
    const tasks = makeTasks({ action: 'export', families: 'all' }, [target('a')], 1);
    expect(tasks.every(({ stage }) => stage === 0)).toBe(true);
  });
});

const taskLists: fc.Arbitrary<Task[]> = fc
  .array(fc.tuple(fc.nat(5), fc.constantFrom('call' as const, 'whole' as const, 'parent' as const, 'hand' as const)), {
    maxLength: 12,
  })
  .map((rows) => {
    const made = makeTasks({ action: 'delete', families: 'all' }, [target('a'), target('b'), target('c')], 1);
    return rows.flatMap(([stage, way], index) => {
      const task = made[index];
      return task ? [{ ...task, stage, way }] : [];
    });
  });

/** The phases of an erasure in order. */
function phasesOf(tasks: readonly Task[]): PhaseOfTasks[] {
  const phases: PhaseOfTasks[] = [];
  for (let next = nextErasePhase(tasks); next; next = nextErasePhase(tasks, next)) phases.push(next);
  return phases;
}

describe('The phases of an erasure', () => {
  it('prove every task once, erase once what goes by calls, look twice at what goes at once, and never erase while they prove', () => {
    fc.assert(
      fc.property(taskLists, (tasks) => {
        const phases = phasesOf(tasks);
        const of = (phase: string) => phases.filter((one) => one.phase === phase).flatMap((one) => one.taskIds);
        expect(of('prove').sort()).toEqual(tasks.map(({ taskId }) => taskId).sort());
        const called = tasks.filter(({ way }) => way === 'call' || way === 'whole').map(({ taskId }) => taskId);
        expect(of('erase').sort()).toEqual(called.sort());
        const whole = tasks.filter(({ way }) => way === 'whole').map(({ taskId }) => taskId);
        expect(of('clear').sort()).toEqual(whole.sort());
        expect(of('recheck')).toEqual(expect.arrayContaining(whole));
        expect(phases.every(({ taskIds }) => taskIds.length > 0)).toBe(true);
      }),
    );
  });

  it('finish a stage, its proofs included, before the next begins', () => {
    fc.assert(
      fc.property(taskLists, (tasks) => {
        const within = ['recheck', 'clear', 'erase', 'prove'];
        const order = phasesOf(tasks).map(({ stage, phase }) => stage * within.length + within.indexOf(phase));
        expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
      }),
    );
  });
});
