import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BRANCHES } from '../../src/lib/catalog/catalog.ts';
import type { Branch, Family, Level } from '../../src/lib/catalog/family.ts';
import type { Operation, Route } from '../../src/lib/catalog/operation.ts';
import { catalogFaults } from '../../src/lib/catalog/soundness.ts';
import { targetSchema } from '../../src/lib/domain/target.ts';

const row = { seed: 'extra', row: 'test', confidence: ['spec'] } as const;
const named = (operation: string, route: Route, more: Partial<Operation> = {}): Operation => ({
  operation,
  route,
  ...row,
  ...more,
});
const list = named('ListThings', 'GET /things', { paging: { by: 'next-link' } });
const read = named('GetThing', 'GET /things/{thingId}');
const readAccount = named('GetAccount', 'GET /accounts/{accountName}', { base: 'arm', paging: { by: 'single' } });
const things: Family = {
  family: 'things',
  title: 'Things',
  target: 'model-management',
  within: [],
  list: [list],
  identity: 'id',
  parameter: 'thingId',
  read,
  erase: { by: 'hand', sentence: 'In the portal.' },
  after: [],
};
const sound: Branch = {
  target: 'model-management',
  bases: { main: 'https://{location}.plane.example.net/api', arm: 'https://arm.example' },
  values: { location: 'location', accountName: 'account' },
  hosts: ['arm.example', '.example.net'],
  discover: { base: 'main', read: readAccount, member: 'properties.link' },
  families: [things],
  byHand: [],
};
const discover = { base: 'main', read: readAccount, member: 'properties.link' };
const withFamily = (more: Partial<Family>): Branch => ({ ...sound, families: [{ ...things, ...more }] });
const contained = { in: 'container', own: 'id', prefix: '', depth: 0 };
const shelf = {
  name: 'shelf',
  list,
  identity: 'id',
  parameter: 'shelf',
  persons: { identity: { owner: 'objectId' } },
} as const;
const { persons: _persons, ...withoutPersons } = shelf;
const withShelf = (more: Partial<Level>): Branch => withFamily({ within: [{ ...shelf, contained, ...more }] });
const withList = (more: Partial<Operation>): Branch => withFamily({ list: [{ ...list, ...more }] });

describe('the rules of a sound branch', () => {
  it('hold for a small sound branch', () => expect(catalogFaults([sound])).toEqual([]));

  it('hold for containers, and for a document beside which something answers', () => {
    expect(catalogFaults([withShelf({})])).toEqual([]);
    expect(catalogFaults([withFamily({ list: [{ ...list, paging: { by: 'single' } }], beside: list })])).toEqual([]);
  });

  it.each<[string, Branch, RegExp]>([
    ['a base in clear', { ...sound, bases: { main: 'http://arm.example', arm: 'https://arm.example' } }, /neither/],
    ['a base on a host that is not listed', { ...sound, hosts: ['arm.example'] }, /base main may not carry a secret/],
    ['a base that ends with a slash', { ...sound, bases: { ...sound.bases, arm: 'https://arm.example/' } }, /slash/],
    ['a base with a value from nowhere', { ...sound, values: { accountName: 'account' } }, /needs \{location\}/],
    ['a host of anybody’s', { ...sound, hosts: ['arm.example', '.net'] }, /anybody/],
    ['a host that is a URL', { ...sound, hosts: [...sound.hosts, 'https://arm.example'] }, /is no host/],
    ['a host with a value from nowhere', { ...sound, hosts: [...sound.hosts, '{region}.x'] }, /needs \{region\}/],
    ['a told base that is none', { ...sound, discover: { ...discover, base: 'plane' } }, /tells base plane/],
    ['a base that is asked for below itself', { ...sound, discover: { ...discover, base: 'arm' } }, /below that base/],
    [
      'a document that is missing beside nothing',
      withList({ paging: { by: 'single' } }),
      /nothing on its host is asked/,
    ],
    [
      'a document that is missing beside another host',
      withFamily({ list: [{ ...list, paging: { by: 'single' } }], beside: readAccount }),
      /nothing on its host is asked/,
    ],
    [
      'containers within themselves',
      withShelf({ contained: { ...contained, depth: 1 } }),
      /differ by what lies within/,
    ],
    ['containers of nobody', withFamily({ within: [{ ...withoutPersons, contained }] }), /nothing says whose/],
    ['an item that lies where no level leads', withFamily({ liesIn: { shelf: 'shelf' } }), /to which no level leads/],
    ['a base that is told in no member', { ...sound, discover: { ...discover, member: '' } }, /in no member/],
    [
      'a base that is asked for with what targets lack',
      { ...sound, discover: { ...discover, read: { ...readAccount, route: 'GET /a/{other}' } } },
      /needs \{other\}/,
    ],
    ['an operation below a base that is none', withList({ base: 'history' }), /below base history/],
    [
      'a level that takes the target’s own name from an answer',
      withFamily({ within: [{ name: 'account', list, identity: 'name', parameter: 'accountName' }] }),
      /level account gives \{accountName\}/,
    ],
    ['several elements under the target’s own name', withFamily({ parameter: 'accountName' }), /lists several/],
    [
      'a way to bytes that is given what it can’t use',
      withFamily({ bytes: [{ member: 'uri', contentType: 'a/b', via: { read, parameters: { path: 'path' } } }] }),
      /gives GetThing \{path\}/,
    ],
    [
      'a way to persons that deletes',
      withFamily({
        personsVia: { read: named('D', 'DELETE /things/{thingId}'), parameters: { thingId: 'id' }, persons: {} },
      }),
      /reads with DELETE/,
    ],
    [
      'a cascade that is not there',
      withFamily({
        erase: { by: 'call', operation: named('D', 'DELETE /things/{thingId}'), cascades: ['parts'] },
        proof: { by: 'item', read, control: list },
      }),
      /names parts/,
    ],
    [
      'a proof that needs what the item lacks',
      withFamily({
        erase: { by: 'call', operation: named('D', 'DELETE /things/{thingId}') },
        proof: { by: 'item', read, control: named('C', 'GET /shelves/{shelfId}') },
      }),
      /C needs \{shelfId\}/,
    ],
  ])('refuse %s', (_, branch, fault) => expect(catalogFaults([branch]).join('\n')).toMatch(fault));
});

describe('the rules of a sound operation', () => {
  it.each<[string, Branch, RegExp]>([
    ['a query by token with GET', withList({ paging: { by: 'query-token', body: {} } }), /queried by token, but/],
    ['pages of one', withList({ paging: { by: 'skip-take', take: 1 } }), /its pages hold too little/],
    ['a list that posts', withList({ route: 'POST /things' }), /posts, but is no query/],
    ['a read that runs on', withList({ longRunning: true }), /reads, and runs on/],
    [
      'a deletion with pages',
      withFamily({
        erase: { by: 'call', operation: named('D', 'DELETE /things/{thingId}', { paging: { by: 'whole' } }) },
        proof: { by: 'item', read, control: list },
      }),
      /deletes, and has pages/,
    ],
    ['a path in the middle', withFamily({ read: named('R', 'GET /a/{+thingId}/b') }), /elsewhere than at the end/],
    ['a constant without a place', withList({ constants: { origin: 'x' } }), /gives \{origin\}/],
  ])('refuse %s', (_, branch, fault) => expect(catalogFaults([branch]).join('\n')).toMatch(fault));

  it('let a constant stand for a parameter, and a path stand last', () => {
    const whole = named('R', 'GET /{origin}/{+thingId}', { constants: { origin: 'ExperimentRun' } });
    expect(catalogFaults([withFamily({ read: whole })])).toEqual([]);
  });
});

describe('every branch', () => {
  const members = new Map(
    targetSchema.options.map(({ shape }) => [z.string().parse(shape.kind.value), Object.keys(shape)] as const),
  );
  it.each(BRANCHES.map((branch) => [branch.target, branch] as const))(
    '%s takes its values from members that its targets have',
    (target, branch) => {
      const missing = Object.values(branch.values).filter((member) => !members.get(target)?.includes(member));
      expect(missing).toEqual([]);
    },
  );

  it('stands for a kind of target of its own', () => {
    const kinds = BRANCHES.map(({ target }) => target);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.filter((kind) => !members.has(kind))).toEqual([]);
  });
});
