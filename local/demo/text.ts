import { relative } from 'node:path';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size as people read it, in decimal units: `38.8 kB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `1 item`, `3 items`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Milliseconds since `begin` (of `performance.now()`), as seconds. */
export const secondsSince = (begin: number): string => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/** Breaks a sentence at blanks into lines of at most `width` characters; a longer word stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A path as one would type it here: relative where that isn't longer. */
export function pathText(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}
