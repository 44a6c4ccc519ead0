import type { IncomingHttpHeaders } from 'node:http';
import type { GeneratedContent } from '../content/content.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The single range that a request asks for (RFC 9110, section 14). Undefined: the whole file, also when the header can't be read or
 * `If-Range` names another version. Blob storage knows no suffix ranges; they are served here as the RFC says.
 */
export function requestedRange(
  headers: IncomingHttpHeaders,
  content: Pick<GeneratedContent, 'size' | 'etag'>,
): ByteRange | 'unsatisfiable' | undefined {
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== content.etag) return undefined;
  const header = String(headers['x-ms-range'] ?? headers.range ?? '');
  const [matched, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (matched === undefined || (first === '' && last === '')) return undefined;
  const { size } = content;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start < end ? { start, end } : 'unsatisfiable';
}
