import { describe, expect, it } from 'vitest';
import { BRANCHES } from '../../src/lib/catalog/catalog.ts';
import type { Branch, Family } from '../../src/lib/catalog/family.ts';
import type { Operation } from '../../src/lib/catalog/operation.ts';
import { catalogFaults } from '../../src/lib/catalog/soundness.ts';

const operation = (name: string, route: Operation['route']): Operation => ({
  operation: name,
  route,
  seed: 'extra',
  row: 'test',
  confidence: ['spec'],
});
const list = operation('ListThings', 'GET /things');
const read = operation('GetThing', 'GET /things/{thingId}');
const erase = operation('DeleteThing', 'DELETE /things/{thingId}');
const things: Family = {
  family: 'things',
  title: 'Things',
  target: 'custom-vision',
  within: [],
  list: [list],
  identity: 'id',
  parameter: 'thingId',
  read,
  erase: { by: 'call', operation: erase },
  after: [],
  proof: { by: 'item', read, control: list },
};
const branchOf = (...families: readonly Family[]): readonly Branch[] => [
  {
    target: 'custom-vision',
    bases: { main: 'https://{host}' },
    values: { host: 'host' },
    hosts: ['{host}'],
    families,
    byHand: [],
  },
];
const { proof: _, ...unproved } = things;

describe('the rules of a sound catalogue', () => {
  it('hold for the catalogue', () => expect(catalogFaults(BRANCHES)).toEqual([]));
  it('hold for a small sound family', () => expect(catalogFaults(branchOf(things))).toEqual([]));

  it.each<[string, readonly Branch[], RegExp]>([
    [
      'a parameter from nowhere',
      branchOf({ ...things, list: [operation('L', 'GET /shelves/{shelfId}')] }),
      /\{shelfId\}/,
    ],
    [
      'a level that is listed with what lies below it',
      branchOf({ ...things, within: [{ name: 'shelf', list: read, identity: 'id', parameter: 'shelfId' }] }),
      /level shelf needs \{thingId\}/,
    ],
    ['a read that deletes', branchOf({ ...things, read: erase }), /reads with DELETE/],
    ['an erasure that reads', branchOf({ ...things, erase: { by: 'call', operation: read } }), /erases with GET/],
    ['an erasure without proof', branchOf(unproved), /nothing proves it/],
    [
      'an erasure of a whole collection',
      branchOf({ ...things, erase: { by: 'call', operation: operation('Purge', 'DELETE /things') } }),
      /a whole collection would go/,
    ],
    [
      'a by-hand outcome without words',
      branchOf({ ...unproved, erase: { by: 'hand', sentence: ' ' } }),
      /without its sentence/,
    ],
    [
      'a family that goes with one which does not contain it',
      branchOf(
        { ...things, erase: { by: 'call', operation: erase, together: 'others' } },
        { ...things, family: 'others' },
      ),
      /goes with others, which doesn't contain it/,
    ],
    [
      'an erasure of all at once that no list proves',
      branchOf({ ...things, erase: { by: 'call', operation: erase, whole: { since: '1', query: { all: 'true' } } } }),
      /no list proves it/,
    ],
    ['a neighbour that is not there', branchOf({ ...things, after: ['nothing'] }), /names nothing/],
    [
      'an order that goes in a circle',
      branchOf({ ...things, after: ['others'] }, { ...things, family: 'others', after: ['things'] }),
      /waits for itself/,
    ],
    [
      'an age that may change between plan and erasure',
      branchOf({ ...things, age: 'lastModified' }),
      /goes by lastModified, which may change/,
    ],
    [
      'an age where a later item of the same name is not told from the one that was planned',
      branchOf({ ...things, age: 'created', proof: { by: 'lists', control: list } }),
      /a later item of the same name/,
    ],
    [
      'an age of what takes others with it',
      branchOf({ ...things, age: 'created', erase: { by: 'call', operation: erase, contains: [] } }),
      /don't go by themselves/,
    ],
    ['two families of one name', branchOf(things, things), /two families/],
    [
      'one name for two routes',
      branchOf({ ...things, list: [operation('GetThing', 'GET /things')] }),
      /several routes/,
    ],
    ['a name that no queue can have', branchOf({ ...things, family: 'Things_2' }), /part of a queue/],
    [
      'an operation that rests on nothing',
      branchOf({ ...things, list: [{ ...list, confidence: [] }] }),
      /no confidence/,
    ],
  ])('refuse %s', (_name, branches, fault) => {
    expect(catalogFaults(branches).join('\n')).toMatch(fault);
  });
});
