/** What a `Range` header asks of a file: all of it, one part, or something that lies outside. */
export type AskedRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly offset: number; readonly count: number }
  | { readonly kind: 'outside' };

const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * A header that isn't one range of bytes (another unit, several ranges, no sense) is ignored, as RFC 9110, section 14.2, allows.
 * @param total bytes of the file.
 */
export function parseRange(header: string | undefined, total: number): AskedRange {
  const [, from, to] = ONE_RANGE.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return { kind: 'whole' };
  if (from === '') return suffix(Number(to), total);
  const first = Number(from);
  const last = to === '' ? total - 1 : Math.min(Number(to), total - 1);
  if (to !== '' && Number(to) < first) return { kind: 'whole' };
  return first < total ? { kind: 'part', offset: first, count: last - first + 1 } : { kind: 'outside' };
}

function suffix(asked: number, total: number): AskedRange {
  const count = Math.min(asked, total);
  return count > 0 ? { kind: 'part', offset: total - count, count } : { kind: 'outside' };
}

/** Whether an `If-None-Match` or `If-Match` list names the ETag; weak marks don't count here (RFC 9110, section 8.8.3.2). */
export const namesTag = (header: string, etag: string): boolean =>
  header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
