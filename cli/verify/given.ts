import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

export const KINDS = ['receipt', 'signature', 'manifest', 'volume', 'journal', 'keys'] as const;
export type Kind = (typeof KINDS)[number];

/** A file that was given. `text`: all of it, but of a volume, which is read piece by piece. */
export interface GivenFile {
  readonly kind: Kind;
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** What was given is not there, or is none of the files that belong to a request. */
export class UnusableFile extends Error {
  readonly isMissing: boolean;
  constructor(sentence: string, isMissing: boolean) {
    super(sentence);
    this.name = 'UnusableFile';
    this.isMissing = isMissing;
  }
}

const BY_NAME: readonly (readonly [ending: string, kind: Kind])[] = [
  ['.zip', 'volume'],
  ['.ndjson', 'journal'],
  ['.jws', 'signature'],
];
/** Of JSON files: the member by which each is known. */
const BY_MEMBER: readonly (readonly [member: string, kind: Kind])[] = [
  ['keys', 'keys'],
  ['revisions', 'receipt'],
  ['volumes', 'manifest'],
];

/** Reads a file and says what it is: by the ending of its name, or by what the JSON in it holds. @throws UnusableFile. */
export async function readGiven(path: string): Promise<GivenFile> {
  const name = basename(path);
  const byName = BY_NAME.find(([ending]) => name.endsWith(ending))?.[1];
  if (byName === 'volume') return { kind: byName, name, path, text: '' };
  const text = decode(name, await bytesOf(path));
  return { kind: byName ?? kindOfJson(name, text), name, path, text };
}

/** @throws UnusableFile for what isn't one of ours. */
export function kindOfJson(name: string, text: string): Kind {
  const value = parseJson(text);
  const members = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const kind = BY_MEMBER.find(([member]) => members.includes(member))?.[1];
  if (!kind) throw new UnusableFile(`${name} is none of the files of a request, or no longer one.`, false);
  return kind;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new UnusableFile(`${path} can't be read.`, true);
  }
}

/** Exactly: a byte order mark, or what isn't UTF-8, is not what was written. */
function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UnusableFile(`${name} is not UTF-8 text.`, false);
  }
}
