/**
 * Where the next page of a list is. `link`: a full URL that upstream gave and that may be asked with our secret; `token`: sent back under
 * the query option of the paging; `refused`: upstream named a page that may not be asked for, so the walk ends there, and not in silence.
 */
export type Cursor =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'refused'; readonly code: string };

export function writeCursor(cursor: Cursor): string {
  switch (cursor.kind) {
    case 'link':
      return `link:${cursor.url}`;
    case 'token':
      return `token:${cursor.token}`;
    case 'refused':
      return `refused:${cursor.code}`;
  }
}

/** Whether a text is one of these cursors, and not an offset or a token by itself. */
export const isOnward = (text: string): boolean => /^(?:link|token|refused):/.test(text);

/** @throws Error for a text that no page has given: a defect. */
export function readCursor(text: string): Cursor {
  const [, kind, rest = ''] = /^(link|token|refused):(.+)$/s.exec(text) ?? [];
  if (kind === 'link') return { kind, url: rest };
  if (kind === 'token') return { kind, token: rest };
  if (kind === 'refused') return { kind, code: rest };
  throw new Error('A cursor of a list with links must say whether it is a link or a token.');
}
