import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mediaTypeOf, TYPED_BY_BYTES } from '../../../src/lib/domain/media-type.ts';

const bytes = (text: string): Buffer => Buffer.from(text.padEnd(TYPED_BY_BYTES, '\0'), 'latin1');
const NOTHING = ['application/octet-stream', 'Application/Octet-Stream; charset=binary', 'binary/octet-stream', ''];

it.each([
  ['image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
  ['image/jpeg', '\xff\xd8\xff\xdb'],
  ['image/gif', 'GIF89a'],
  ['image/gif', 'GIF87a'],
  ['image/webp', 'RIFF\x24\n\0\0WEBPVP8 '],
  ['image/bmp', 'BM\x3e\n\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0'],
])('bytes that begin as %s are that where their type says nothing', (type, start) => {
  for (const declared of NOTHING) expect(mediaTypeOf(declared, bytes(start))).toBe(type);
  expect(mediaTypeOf('image/tiff', bytes(start))).toBe('image/tiff');
});

it.each(['BMW 320d, blue, 2018', 'PK\x03\x04', 'GIF88a', 'RIFF\x24\n\0\0WAVEfmt ', '\x89PNG', ''])(
  'bytes that begin with %j are no picture',
  (start) =>
    expect(mediaTypeOf('application/octet-stream', Buffer.from(start, 'latin1'))).toBe('application/octet-stream'),
);

it('a type that says something is never changed', () => {
  const property = fc.property(fc.string(), fc.uint8Array({ maxLength: TYPED_BY_BYTES }), (subtype, start) => {
    expect(mediaTypeOf(`text/${subtype}`, Buffer.from(start))).toBe(`text/${subtype}`);
  });
  fc.assert(property);
});
