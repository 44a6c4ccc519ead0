import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedLink } from '../../../src/lib/upstream/allowed-link.ts';

const hosts = ['.blob.core.windows.net', 'Exact.Example'];

describe('a link', () => {
  test.each([
    'https://a.blob.core.windows.net/x?sig=1',
    'https://A.BLOB.core.windows.net/x',
    'https://a.b.blob.core.windows.net:443/x',
    'https://exact.example/x',
    'https://a.blob.core.windows.net\\x',
  ])('to %s may be followed', (link) => {
    expect(allowedLink(link, hosts)?.protocol).toBe('https:');
  });

  test.each([
    ['plain http', 'http://a.blob.core.windows.net/x'],
    ['another scheme', 'ftp://a.blob.core.windows.net/x'],
    ['a user', 'https://a.blob.core.windows.net@evil.example/x'],
    ['a user on the right host', 'https://u@a.blob.core.windows.net/x'],
    ['a password', 'https://:p@a.blob.core.windows.net/x'],
    ['a port', 'https://a.blob.core.windows.net:8443/x'],
    ['the parent domain itself', 'https://blob.core.windows.net/x'],
    ['a name that only ends alike', 'https://evilblob.core.windows.net/x'],
    ['a name that goes on', 'https://a.blob.core.windows.net.evil.example/x'],
    ['a trailing dot', 'https://a.blob.core.windows.net./x'],
    ['an empty label', 'https://.blob.core.windows.net/x'],
    ['a child of an exact host', 'https://a.exact.example/x'],
    ['an address', 'https://127.0.0.1/x'],
    ['an address as a number', 'https://2130706433/x'],
    ['an IPv6 address', 'https://[::1]/x'],
    ['the host in the path', 'https://evil.example/a.blob.core.windows.net'],
    ['a backslash before the host', 'https://evil.example\\@a.blob.core.windows.net/x'],
    ['a relative link', '/x'],
    ['no link', ''],
  ])('with %s may not', (_, link) => {
    expect(allowedLink(link, hosts)).toBeUndefined();
  });

  test.each([[['']], [['.']], [['127.0.0.1']], [['.0.0.1']], [[]]])(
    'to an address or a bare name is not opened by the list %j',
    (list) => {
      for (const link of ['https://127.0.0.1/', 'https://localhost/', 'https://a.example/', 'https://a.example./']) {
        expect(allowedLink(link, list)).toBeUndefined();
      }
    },
  );

  test('whatever its text, leads to a listed host or nowhere', () => {
    const piece = fc.constantFrom(
      'https://',
      'http:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '.',
      '%2e',
      '\t',
      'evil.example',
      'a',
      '.blob.core.windows.net',
      '443',
      '。',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 8 }), (pieces) => {
        const url = allowedLink(`https://${pieces.join('')}`, ['.blob.core.windows.net']);
        if (url) expect(url.href).toMatch(/^https:\/\/[a-z0-9_.-]+\.blob\.core\.windows\.net\//);
      }),
      { numRuns: 2000 },
    );
  });
});
