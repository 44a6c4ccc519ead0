import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  childSliceId,
  mintRequestId,
  mintTaskId,
  requestIdSchema,
  rootSliceId,
  runInstanceId,
  SEAL_TASK,
  type SliceId,
  sliceEvent,
  sliceIdSchema,
  taskIdSchema,
} from '../../../src/lib/domain/ids.ts';
import { phaseSchema } from '../../../src/lib/domain/run.ts';

const phases = fc.constantFrom(...phaseSchema.options);
/** A slice at the end of a chain of places below a root. */
const path = fc.tuple(phases, fc.array(fc.oneof(fc.nat(300), fc.constantFrom('rest', 'next')), { maxLength: 6 }));
const sliceAt = ([phase, places]: [string, (number | string)[]]): SliceId =>
  places.reduce<SliceId>((parent, place) => childSliceId(phase, parent, place), rootSliceId(phase));

describe('The id of a request', () => {
  it('is random, and of the form that its schema takes', () => {
    const ids = Array.from({ length: 500 }, mintRequestId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(requestIdSchema.safeParse(id).success).toBe(true);
  });

  it.each([
    '',
    'a'.repeat(36),
    '6F9619FF-8B86-4011-B42D-00CF4FC964FF',
    '6f9619ff-8b86-1011-b42d-00cf4fc964ff',
    '6f9619ff-8b86-4011-b42d-00cf4fc964ff\n',
    '../6f9619ff-8b86-4011-b42d-00cf4fc964ff',
  ])('is not %j', (text) => expect(requestIdSchema.safeParse(text).success).toBe(false));
});

describe('The id of a task', () => {
  it('tells revision and index apart for every plan there can be', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.nat(9999)), {
          selector: ([revision, index]) => `${revision}/${index}`,
        }),
        (tasks) => {
          const ids = tasks.map(([revision, index]) => mintTaskId(revision, index));
          expect(new Set(ids).size).toBe(tasks.length);
          for (const [at, id] of ids.entries()) expect(Number.parseInt(id, 10)).toBe(tasks[at]?.[0]);
        },
      ),
    );
  });

  it('of sealing is no id of a family’s task', () => {
    expect(taskIdSchema.parse('seal')).toBe(SEAL_TASK);
    expect(Number.parseInt(SEAL_TASK, 10)).toBeNaN();
  });

  it.each(['0-00', '1-0', '01-00', '1000-00', '1-00000', '1-00 ', 'Seal'])('is not %j', (text) =>
    expect(taskIdSchema.safeParse(text).success).toBe(false),
  );
});

describe('The name of a slice', () => {
  it('follows from its place below the root, and from nothing else', () => {
    fc.assert(
      fc.property(path, (at) => {
        expect(sliceAt(at)).toBe(sliceAt(at));
      }),
    );
  });

  it('is another for every other place, however deep', () => {
    const unequal = fc.uniqueArray(path, { selector: (at) => JSON.stringify(at), minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(unequal, (paths) => {
        expect(new Set(paths.map(sliceAt)).size).toBe(paths.length);
      }),
    );
  });

  it('keeps its form and its length in a chain of any depth, and begins with its phase', () => {
    fc.assert(
      fc.property(path, ([phase, places]) => {
        const id = sliceAt([phase, places]);
        expect(sliceIdSchema.parse(id)).toBe(id);
        expect(id.startsWith(`${phase}-`)).toBe(true);
        if (places.length > 0) expect(id).toHaveLength(phase.length + 25);
      }),
    );
  });

  it.each(['walk-ROOT', 'walk-', '-root', 'walk-xyz', 'walk-root/../x', `walk-${'g'.repeat(24)}`])(
    'is not %j',
    (text) => expect(sliceIdSchema.safeParse(text).success).toBe(false),
  );
});

describe('Durable names', () => {
  it('carry ids only, and differ for every run and every slice', () => {
    const id = mintRequestId();
    expect(runInstanceId(id, 12)).toBe(`${id}.12`);
    expect(runInstanceId(id, 1)).not.toBe(runInstanceId(id, 11));
    const root = rootSliceId('erase');
    expect(sliceEvent(root)).not.toBe(sliceEvent(childSliceId('erase', root, 0)));
  });
});
