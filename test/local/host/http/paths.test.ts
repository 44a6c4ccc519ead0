import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePath, encodeForwardedPath } from '../../../../local/host/http/paths.ts';

it('a path is decoded once, all but its escaped slashes and what is not UTF-8', () => {
  expect(decodePath('/a%20b/c%2Fd/e%2fe/%C3%BC/%25/%FF')).toBe('/a b/c%2Fd/e%2fe/ü/%/%FF');
});

it('an escaped slash is forwarded escaped twice', () => {
  expect(encodeForwardedPath(decodePath('/a%2Fb'))).toBe('/a%252Fb');
});

it('any segment without a slash comes out of decoding and encoding as it went in', () => {
  const segment = fc.string({ unit: 'grapheme' }).filter((text) => !/%2f|\//i.test(text));
  fc.assert(
    fc.property(segment, (text) => {
      const path = `/${encodeURIComponent(text)}`;
      expect(decodePath(encodeForwardedPath(decodePath(path)))).toBe(`/${text}`);
    }),
  );
});
