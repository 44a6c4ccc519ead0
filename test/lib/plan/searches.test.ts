import { describe, expect, test } from 'vitest';
import { FAMILIES, familyNamed } from '../../../src/lib/catalog/catalog.ts';
import { IDENTIFIERS, type Submission } from '../../../src/lib/domain/request.ts';
import { searchOf } from '../../../src/lib/plan/searches.ts';

const OBJECT_ID = { objectId: '7c0d2f6e-1b7a-4c55-9d3e-2f1a6b8c9d01' };
const MAIL = { email: 'ada@contoso.example' };
const PRINCIPAL = { userPrincipalName: 'ada@contoso.example' };

const search = (family: string, given: Partial<Submission['subject']>, scope: Submission['scope'] = 'subject') =>
  searchOf(familyNamed(family), { action: 'export', scope, subject: { reference: 'r', ...given } });

describe('by what a person is looked for', () => {
  test.each(['exp-runs', 'exp-run-metrics', 'exp-run-artifacts', 'exp-artifacts', 'exp-projects', 'ml-runs'])(
    '%s is known by object id: a mail address alone does not find all of it, and that is said',
    (family) => {
      const byMail = search(family, { ...MAIL, ...PRINCIPAL });
      expect(byMail?.by).toContain('objectId');
      expect(byMail?.given).not.toContain('objectId');
      expect(byMail?.notice).toContain('by Entra object id, which the request does not give');
      expect(search(family, OBJECT_ID)?.notice ?? '').not.toContain('Entra object id');
    },
  );

  test.each(['mm-models', 'mm-account', 'cv-images', 'ml-models', 'exp-account', 'exp-workspaces', 'compute-clusters'])(
    '%s may name the person by whatever somebody wrote: what the request lacks is said',
    (family) => {
      expect(search(family, OBJECT_ID)).toEqual({
        by: [...IDENTIFIERS],
        given: ['objectId'],
        notice: expect.stringContaining('by user principal name or mail address too'),
      });
      expect(search(family, { ...OBJECT_ID, ...MAIL, ...PRINCIPAL })).toEqual({
        by: [...IDENTIFIERS],
        given: [...IDENTIFIERS],
      });
    },
  );

  test.each(['cv-iterations', 'mm-images', 'mm-services'])('%s names nobody, and that is said', (family) => {
    expect(search(family, { ...OBJECT_ID, ...MAIL })).toMatchObject({
      by: [],
      notice: expect.stringMatching(/^It has no/),
    });
  });

  test('notifications can be asked for by object id only, in either scope', () => {
    const notice =
      'Notifications can be listed by Entra object id only, and the request names none: none was looked for.';
    for (const scope of ['subject', 'target'] as const) {
      expect(search('exp-notifications', MAIL, scope)).toEqual({ by: ['objectId'], given: [], notice });
      expect(search('exp-notifications', OBJECT_ID, scope)).toEqual({ by: ['objectId'], given: ['objectId'] });
    }
  });

  test('a deletion takes the notifications of everybody with the project, and that is said whoever is named', () => {
    for (const given of [MAIL, OBJECT_ID]) {
      const subject = { reference: 'r', ...given };
      const found = searchOf(familyNamed('exp-notifications'), { action: 'delete', scope: 'target', subject });
      expect(found?.notice).toContain('those of people whose object id was not given are neither listed nor saved');
    }
  });

  test('account info names its owner by user name and mail address', () => {
    expect(search('cv-account', MAIL)).toEqual({
      by: ['userPrincipalName', 'email'],
      given: ['email'],
      notice: 'It may name the person by user principal name too, which the request does not give.',
    });
  });

  test('where everything is wanted, nobody is looked for', () => {
    for (const { family, subject } of FAMILIES) if (!subject) expect(search(family, MAIL, 'target')).toBeUndefined();
  });

  test('whoever gives all three hears of no family that something may be missing', () => {
    for (const { family } of FAMILIES) {
      const { by = [], notice } = search(family, { ...OBJECT_ID, ...MAIL, ...PRINCIPAL }) ?? {};
      expect({ family, notice: by.length > 0 ? notice : undefined }).toEqual({ family, notice: undefined });
    }
  });
});
