import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutPerson, withPerson } from '../../../src/lib/plan/subject-cursor.ts';

const OBJECT_ID = '7c0d2f6e-1b7a-4c55-9d3e-2f1a6b8c9d01';

describe('A cursor that is stored', () => {
  it('does not name the person whom the list was asked for, in whatever case and coding the link does', () => {
    const subject = { reference: 'r', objectId: OBJECT_ID, email: 'ada+x@contoso.example' };
    const link = `https://h/users/${OBJECT_ID.toUpperCase()}/jobs?mail=Ada%2Bx%40contoso.example&to=ada+x@contoso.example`;
    const stored = withoutPerson(link, subject);
    expect(stored.toLowerCase()).not.toMatch(/7c0d2f6e|contoso/);
    expect(withPerson(stored, subject).toLowerCase()).toBe(link.toLowerCase());
  });

  it('is the same again once the person is put back, whatever their name has in common with it', () => {
    const short = fc.string({
      unit: fc.constantFrom('a', 'B', '.', '%', '$', '/', '{', 's'),
      minLength: 3,
      maxLength: 5,
    });
    const cursor = fc.string({
      unit: fc.constantFrom('a', 'B', 'b', '.', '%', '$', '/', '2', 'F', 's'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(short, cursor, (userPrincipalName, text) => {
        const subject = { reference: 'r', objectId: OBJECT_ID, userPrincipalName };
        const whole = `${text}${userPrincipalName}${text}/${OBJECT_ID}/${text}`;
        expect(withPerson(withoutPerson(whole, subject), subject)).toBe(whole);
      }),
    );
  });
});
