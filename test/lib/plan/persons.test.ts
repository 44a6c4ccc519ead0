import { describe, expect, test } from 'vitest';
import type { Persons } from '../../../src/lib/catalog/family.ts';
import { identifiersOf, namedIn } from '../../../src/lib/plan/persons.ts';

const persons: Persons = {
  identity: { 'createdBy.userObjectId': 'objectId', 'createdBy.userName': 'userName', userId: 'objectId' },
  mentions: ['tags.*'],
};
const ADA = '7c0d2f6e-1b7a-4c55-9d3e-2f1a6b8c9d01';
const GRACE = 'b3a1c9d4-5e6f-4a2b-8c7d-9e0f1a2b3c02';
const subject = identifiersOf({ reference: 'r', objectId: ADA.toUpperCase(), email: ' Ada@Contoso.example' });

const runOf = (userObjectId: string, userName: string, tags = {}) => ({
  createdBy: { userObjectId, userName },
  userId: userObjectId,
  tags,
});

describe('whom a document names', () => {
  test.each([
    ['the subject, by object id, beside a display name', runOf(ADA, 'Ada Lovelace'), true, []],
    [
      'the subject, by mail in another case, beside an id that the request lacks',
      runOf('x-1', 'ADA@contoso.EXAMPLE'),
      true,
      [],
    ],
    ['somebody else, counted once whatever they are called', runOf(GRACE, 'Grace Hopper'), false, [GRACE]],
    [
      'somebody else, who mentions the subject',
      runOf(GRACE, 'Grace Hopper', { reviewer: 'ada@contoso.example' }),
      true,
      [GRACE],
    ],
    ['the subject, and somebody else as its user', { ...runOf(ADA, 'Ada'), userId: GRACE }, true, [GRACE]],
    ['nobody', { createdBy: null, userId: ' ', tags: { note: 'by ada@contoso.example' } }, false, []],
  ])('%s', (_, document, isSubject, others) => {
    expect(namedIn(document, persons, subject)).toMatchObject({ subject: isSubject, others: new Set(others) });
  });

  test('mentioning is not owning', () => {
    expect(namedIn(runOf(ADA, 'Ada'), persons, subject).owner).toBe(true);
    expect(namedIn(runOf(GRACE, 'Grace', { reviewer: 'ada@contoso.example' }), persons, subject).owner).toBe(false);
  });

  const BOB = '0f0e0d0c-1a2b-4c3d-8e4f-5a6b7c8d9e0f';
  const image: Persons = { mentions: ['metadata.*', 'tags.*.tagName'], objectIds: ['metadata.*'] };
  test.each([
    [
      'a mail address',
      { metadata: { by: 'ada@contoso.example', with: ' Bob@Contoso.Example ' } },
      ['bob@contoso.example'],
    ],
    ['a guest', { metadata: { by: 'bob_x.org#EXT#@contoso.example' } }, ['bob_x.org#ext#@contoso.example']],
    ['an object id where people write', { metadata: { by: ADA, with: BOB.toUpperCase() } }, [BOB]],
    [
      'the name of a tag, which is a mail address',
      { tags: [{ tagName: 'žofie@contoso.example' }] },
      ['žofie@contoso.example'],
    ],
    ['a GUID that is no person’s', { id: BOB, tags: [{ tagId: BOB, tagName: BOB }] }, []],
    ['plain names and texts', { metadata: { by: 'Bob', note: 'ask bob@contoso.example', at: '@bob', roll: '7' } }, []],
    [
      'what only looks like one',
      { metadata: { a: 'model@1.0', b: 'git@github.com:org/repo', c: 'a@b', d: 'x@y.example/z' } },
      [],
    ],
  ])('others who are mentioned: %s', (_, document, others) => {
    expect([...namedIn(document, image, subject).others]).toEqual(others);
  });

  test('who is mentioned beside somebody else’s identity is not counted besides: it may be the same person', () => {
    const run = runOf(GRACE, 'Grace Hopper', { reviewer: 'grace@contoso.example', parent: BOB });
    expect(namedIn(run, persons, subject)).toMatchObject({ others: new Set([GRACE]), owners: new Set([GRACE]) });
    const own = namedIn(runOf(ADA, 'Ada', { reviewer: 'bob@contoso.example', parent: BOB }), persons, subject);
    expect(own).toMatchObject({ owner: true, others: new Set(['bob@contoso.example']), owners: new Set() });
  });
});
