/** Types that say nothing: storage gives them to whatever was uploaded without one. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/** How many of the first bytes are looked at. */
export const TYPED_BY_BYTES = 18;

/**
 * The media type of some bytes: as it was declared, parameters and all, or by their first bytes where that says nothing and they begin as a
 * picture does.
 */
export function mediaTypeOf(declared: string, start: Buffer): string {
  const [type = ''] = declared.split(';');
  return (SAYS_NOTHING.has(type.trim().toLowerCase()) && pictureTypeOf(start)) || declared;
}

/** Signatures: PNG (W3C), JPEG (T.81), GIF87a/89a, WebP container, BITMAPFILEHEADER and the sizes of the header after it. */
function pictureTypeOf(start: Buffer): string | undefined {
  const text = start.toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  if (/^RIFF.{4}WEBP/s.test(text)) return 'image/webp';
  return isBitmap(start, text) ? 'image/bmp' : undefined;
}

const BITMAP_HEADERS: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);

/** Two letters alone begin many a text. */
const isBitmap = (start: Buffer, text: string): boolean =>
  start.length >= TYPED_BY_BYTES && /^BM.{4}\0{4}/s.test(text) && BITMAP_HEADERS.has(start.readUInt32LE(14));
