import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import type { Family } from '../../../src/lib/catalog/family.ts';
import type { Operation } from '../../../src/lib/catalog/operation.ts';
import type { Place } from '../../../src/lib/domain/slice.ts';
import {
  descend,
  earlierOf,
  identityOf,
  keyOf,
  listsOf,
  placesBelow,
  type Served,
} from '../../../src/lib/plan/places.ts';

const images = familyNamed('cv-images');
const list = (operation: string, since?: string): Operation => ({
  operation,
  route: `GET /${operation}`,
  seed: 'extra',
  row: 'test',
  confidence: ['spec'],
  ...(since === undefined ? {} : { since }),
});

/** A family below `selves.length` levels (true: the place itself is an element too) with `lists` lists. */
const familyOf = (selves: readonly boolean[], lists: number): Family => ({
  ...images,
  within: selves.map((self, index) => ({
    name: `level ${index}`,
    list: list(`Levels${index}`),
    identity: 'id',
    parameter: `level${index}`,
    ...(self ? { self } : {}),
  })),
  list: Array.from({ length: lists }, (_, index) => list(`List${index}`)),
});

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 4 });
const tree = fc.record({
  selves: fc.array(fc.boolean(), { maxLength: 3 }),
  lists: fc.integer({ min: 1, max: 3 }),
  ids: fc.tuple(ids, ids, ids),
});

/** Every list that a walk comes to, each level answering with its own ids; `earlier` parameters left aside. */
function visited(at: Served, idsOf: readonly (readonly string[])[]): string[] {
  const seen: string[] = [];
  const open: Place[] = descend(at, 0, {});
  for (let place = open.pop(); place; place = open.pop()) {
    const depth = at.family.within.length;
    if (place.step < depth) open.push(...placesBelow(at, place, [...(idsOf[place.step] ?? [])]));
    else {
      const way = Object.entries(place.parameters).filter(([name]) => !name.startsWith('earlier:'));
      const operation = listsOf(at)[place.step - depth];
      seen.push(JSON.stringify([operation?.operation, way.sort()]));
    }
  }
  return seen;
}

/** The lists that there are, counted independently: at each level every element, and the place itself where it counts too. */
function expected(family: Family, idsOf: readonly (readonly string[])[]): string[] {
  let ways: [string, string][][] = [[]];
  for (const [index, level] of family.within.entries()) {
    ways = ways.flatMap((way) => [
      ...(level.self ? [way] : []),
      ...(idsOf[index] ?? []).map((id): [string, string][] => [...way, [level.parameter, id]]),
    ]);
  }
  return ways.flatMap((way) => family.list.map(({ operation }) => JSON.stringify([operation, way.sort()])));
}

describe('A walk down the upstream tree', () => {
  it('comes to every list of every place exactly once, and to no other', () => {
    fc.assert(
      fc.property(tree, (shape) => {
        // A place that is an element too has nothing below it but lists: it is the innermost level, as in the catalogue.
        const selves = shape.selves.map((self, index) => self && index === shape.selves.length - 1);
        const family = familyOf(selves, shape.lists);
        const seen = visited({ family, version: '3.3' }, shape.ids);
        expect(seen.sort()).toEqual(expected(family, shape.ids).sort());
      }),
    );
  });

  it('leaves out lists that the version of the service does not have', () => {
    const family = { ...familyOf([true], 1), list: [list('Old'), list('New', '3.3')] };
    expect(listsOf({ family, version: '3.0' }).map(({ operation }) => operation)).toEqual(['Old']);
    expect(visited({ family, version: '3.0' }, [['a']])).toHaveLength(2);
    expect(visited({ family, version: '3.3' }, [['a']])).toHaveLength(4);
  });

  it('tells each place of a shared level which came before it on the same page', () => {
    fc.assert(
      fc.property(ids, (some) => {
        const at = { family: familyOf([true], 1), version: '3.3' };
        const [self, ...below] = placesBelow(at, { step: 0, parameters: {}, offset: 0 }, some);
        expect(self?.parameters).toEqual({});
        below.forEach((place, index) => {
          const earlier = (place.parameters[earlierOf('level0')] ?? '').split(',').filter(Boolean);
          expect(earlier).toEqual(some.slice(0, index));
        });
      }),
    );
  });

  it('takes the place itself once, however many pages its level has', () => {
    const at = { family: familyOf([true], 1), version: '3.3' };
    const second = placesBelow(at, { step: 0, parameters: {}, cursor: '256', offset: 0 }, ['a']);
    expect(second).toHaveLength(1);
    expect(second[0]?.parameters).toMatchObject({ level0: 'a' });
  });
});

describe('The key of an item', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());

  it('is another for every other way down and every other id', () => {
    const family = familyOf([false, false], 1);
    const way = fc.tuple(text, text, text);
    fc.assert(
      fc.property(fc.uniqueArray(way, { selector: (one) => JSON.stringify(one), minLength: 2 }), (ways) => {
        const keys = ways.map(([level0, level1, id]) => keyOf(family, { level0, level1 }, id));
        expect(new Set(keys).size).toBe(ways.length);
      }),
    );
  });

  it('is the same for an image wherever it lies', () => {
    const workspace = { projectId: 'p' };
    const copy = { projectId: 'p', iterationId: 'i', [earlierOf('iterationId')]: 'h' };
    expect(keyOf(images, copy, 'x')).toBe(keyOf(images, workspace, 'x'));
    expect(keyOf(images, { projectId: 'q' }, 'x')).not.toBe(keyOf(images, workspace, 'x'));
  });

  it('can be made for whatever is accepted as an identity', () => {
    // Halves of surrogate pairs among them: JSON can carry them, a URL can't.
    const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
    const documents = fc.record({ platform: anyText, flavor: fc.oneof(anyText, fc.constantFrom('\ud800', null)) });
    fc.assert(
      fc.property(fc.oneof(documents, fc.jsonValue()), (document) => {
        const id = identityOf('platform+flavor', document);
        if (id !== undefined) expect(keyOf(familyOf([], 1), {}, id)).toMatch(/^cv-images\//);
      }),
    );
  });
});

describe('The identity of an element', () => {
  it.each([
    ['id', { id: 'a' }, 'a'],
    ['platform+flavor', { platform: 'ONNX', flavor: 'ONNX12' }, 'ONNX+ONNX12'],
    ['platform+flavor', { platform: 'CoreML', flavor: null }, 'CoreML+'],
    ['platform+flavor', { platform: 'CoreML' }, 'CoreML+'],
  ])('by %s of %j is %j', (members, element, id) => expect(identityOf(members, element)).toBe(id));

  it.each([
    null,
    undefined,
    'a',
    42,
    [],
    {},
    { id: '' },
    { id: '.' },
    { id: '..' },
    { id: 5 },
    { id: '\ud800' },
    { Id: 'a' },
  ])('is none for %j: what could leave its path, or cannot be sent, is no identity', (element) =>
    expect(identityOf('id', element)).toBeUndefined(),
  );
});
