import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillPath } from '../../../src/lib/catalog/operation.ts';

const ROUTE = 'GET /info/{runId}/{+path}';
const fill = (path: string, runId = 'r'): string => fillPath(ROUTE, { runId, path });
/** What a URL parser makes of a path: dot segments, backslashes and tabs would show here. */
const parsed = (path: string): URL => new URL(`https://host.example${path}`);

/** Texts that are likely to break out: separators, dots, escapes and letters beyond ASCII, up to 300 characters. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom('/', '.', '..', '\\', '%2e', '%2F', '%', '?', '#', ':', '@', ';', ' ', '\t', '\n', '+', '&', '\0'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
  ),
  minLength: 1,
  maxLength: 300,
});
const usable = nasty.filter((text) => text !== '.' && text !== '..' && text.isWellFormed());

describe('a path put into a route', () => {
  test('never leaves its place, whatever it is, and comes back as it was', () => {
    fc.assert(
      fc.property(usable, usable, (path, runId) => {
        const filled = fill(path, runId);
        const url = parsed(filled);
        expect(url.origin + url.search + url.hash).toBe('https://host.example');
        // Nothing was taken away or moved: what was written is what is asked for.
        expect(url.pathname).toBe(filled);
        const [empty, info, run = '', ...rest] = url.pathname.split('/');
        expect([empty, info, decodeURIComponent(run)]).toEqual(['', 'info', runId]);
        expect(rest.map(decodeURIComponent).join('/')).toBe(path);
      }),
    );
  });

  test('keeps its slashes when every part of it is a name', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !text.includes('/') && text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
        expect(fill(names.join('/'))).toBe(`/info/r/${names.map(encodeURIComponent).join('/')}`);
      }),
    );
  });

  test.each([
    ['outputs/model.pkl', '/info/r/outputs/model.pkl'],
    ['a/../b', '/info/r/a%2F..%2Fb'],
    ['./a', '/info/r/.%2Fa'],
    ['a/..', '/info/r/a%2F..'],
    ['/a', '/info/r/%2Fa'],
    ['a//b', '/info/r/a%2F%2Fb'],
    ['a/', '/info/r/a%2F'],
    ['a%2Fb/c', '/info/r/a%252Fb/c'],
    ['%2e%2e/a', '/info/r/%252e%252e/a'],
    ['a\\..\\b', '/info/r/a%5C..%5Cb'],
    ['Ünï/図 1.png', '/info/r/%C3%9Cn%C3%AF/%E5%9B%B3%201.png'],
    ['.../a', '/info/r/.../a'],
  ])('%j becomes %j', (path, filled) => {
    expect(fill(path)).toBe(filled);
    expect(parsed(filled).pathname).toBe(filled);
  });

  test('of 300 characters stays whole', () => {
    const path = `${'ä/'.repeat(149)}ab`;
    expect(path).toHaveLength(300);
    expect(decodeURIComponent(fill(path))).toBe(`/info/r/${path}`);
  });

  test.each(['', '.', '..'])('is a defect when it is %j', (path) => {
    expect(() => fill(path)).toThrow('no usable value');
    expect(() => fill('a', path)).toThrow('no usable value');
  });

  test('is a defect when it is missing', () => {
    expect(() => fillPath(ROUTE, { runId: 'r' })).toThrow('{path}');
  });
});
