import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../../local/host/queue/encoding.ts';

it.each(['base64', 'none'] as const)('any text survives the encoding %s', (encoding) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeMessage(encodeMessage(text, encoding), encoding)).toBe(text);
    }),
  );
});

it.each(['{}', 'abc', 'YQ', 'YQ=', 'YQ===', 'Y*Q=', 'YWJj=='])('%s is not base64', (text) => {
  expect(decodeMessage(text, 'base64')).toBeUndefined();
});

it('white space inside base64 is allowed', () => {
  expect(decodeMessage('YW\r\nJj ', 'base64')).toBe('abc');
});
