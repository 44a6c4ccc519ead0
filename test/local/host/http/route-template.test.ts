import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchTemplate, parseTemplate } from '../../../../local/host/http/route-template.ts';

const match = (template: string, path: string) =>
  matchTemplate(parseTemplate(template), path === '' ? [] : path.split('/'));

describe('a route template', () => {
  it.each([
    ['items/{id}', 'items/7', { id: '7' }],
    ['items/{id?}', 'items', {}],
    ['items/{id=all}', 'items', { id: 'all' }],
    ['ITEMS/{id}', 'items/A', { id: 'A' }],
    ['files/{*rest}', 'files/a/b', { rest: 'a/b' }],
    ['files/{**rest}', 'files', {}],
    ['{name}.{extension}', 'photo.old.jpg', { name: 'photo.old', extension: 'jpg' }],
    ['{id:int:min(2)}', '3', { id: '3' }],
    ['{id:guid?}', '', {}],
    ['{code:regex(^[a-z]{{2}}$)}', 'ab', { code: 'ab' }],
    ['{path:regex(^\\d+$)}', '12', { path: '12' }],
    ['', '', {}],
  ])('%s fits /%s', (template, path, values) => {
    expect(match(template, path)).toEqual(values);
  });

  it.each([
    ['items/{id}', 'items'],
    ['items/{id}', 'items/1/2'],
    ['items/{id}', 'other/1'],
    ['a.b', 'axb'],
    ['{id:int}', 'seven'],
    ['{id:int}', '99999999999'],
    ['{id:guid}', '7'],
    ['{id:int:min(2)}', '1'],
    ['{name:alpha}', 'a1'],
    ['{name:length(2,3)}', 'abcd'],
    ['{flag:bool}', 'yes'],
    ['{at:datetime}', 'someday'],
    ['{size:decimal}', 'big'],
    ['{n:range(1,5)}', '6'],
    ['{name:minlength(3)}', 'ab'],
    ['{name:maxlength(1)}', 'ab'],
    ['{code:regex(^[a-z]{{2}}$)}', 'abc'],
  ])('%s does not fit /%s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  it.each(['{id:unknown}', '{}', '{id:int:toString}'])('%s is refused', (template) => {
    expect(() => parseTemplate(template)).toThrow();
  });

  it('takes precedence by literal, constraint, parameter, catch-all, segment by segment', () => {
    const templates = ['a/{*rest}', 'a/{id}', 'a/b', '{x}/b', 'a/{id:int}'];
    const sorted = templates.toSorted((one, other) =>
      parseTemplate(one).precedence < parseTemplate(other).precedence ? -1 : 1,
    );
    expect(sorted).toEqual(['a/b', 'a/{id:int}', 'a/{id}', 'a/{*rest}', '{x}/b']);
  });

  it('gives back whatever values were put into its places', () => {
    const value = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    const literal = fc.stringMatching(/^[a-z.+*()^$|-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, value), { minLength: 1, maxLength: 5 }), (pairs) => {
        const template = pairs.map(([text], index) => `${text}/{p${index}}`).join('/');
        const path = pairs.flatMap(([text, given]) => [text.toUpperCase(), given]);
        const expected = Object.fromEntries(pairs.map(([, given], index) => [`p${index}`, given]));
        expect(matchTemplate(parseTemplate(template), path)).toEqual(expected);
      }),
    );
  });
});
