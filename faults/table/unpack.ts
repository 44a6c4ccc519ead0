import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { manifestSchema } from '../../src/lib/domain/manifest.ts';

interface Unpacker {
  /** Under the names that it goes by. */
  readonly programs: readonly string[];
  readonly words: (archive: string, folder: string) => string[];
}

/** Programs with which people unpack archives. */
const UNPACKERS: readonly Unpacker[] = [
  { programs: ['unzip'], words: (archive, folder) => ['-q', archive, '-d', folder] },
  { programs: ['7z', '7zz', '7za'], words: (archive, folder) => ['x', '-y', '-bd', `-o${folder}`, archive] },
];

/** Those that are on this machine, by the name under which each is there. */
const presentUnpackers = () =>
  UNPACKERS.flatMap(({ programs, words }) => {
    const program = programs.find(isPresent);
    return program === undefined ? [] : [{ program, words }];
  });

/** What is not on this machine, and so not tried. */
export const missingUnpackers = (): string[] =>
  UNPACKERS.filter(({ programs }) => !programs.some(isPresent)).map(({ programs }) => programs.join(' or '));

function isPresent(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks the volumes of a downloaded package with each program there is: it must come out whole, into its own folder and nowhere else.
 * Returns the folder of the last one, with all files in it.
 */
export async function expectUnpacks(folder: string, volumes: readonly string[]): Promise<string> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const wanted = manifest.volumes.flatMap(({ entries }) => entries.map(({ path, sha256 }) => `${sha256} ${path}`));
  const before = await readdir(folder);
  const programs = presentUnpackers();
  let last = folder;
  for (const { program, words } of programs) {
    last = join(folder, `unpacked-${program}`, 'deep', 'down');
    await mkdir(last, { recursive: true });
    for (const volume of volumes) execFileSync(program, words(join(folder, volume), last), { stdio: 'pipe' });
    expect((await digests(last)).sort(), `what ${program} unpacks`).toEqual(wanted.sort());
    expect(await readdir(join(folder, `unpacked-${program}`)), `what ${program} has made`).toEqual(['deep']);
    expect(await readdir(join(folder, `unpacked-${program}`, 'deep'))).toEqual(['down']);
  }
  const made = programs.map(({ program }) => `unpacked-${program}`);
  expect((await readdir(folder)).sort(), 'what lies beside the package').toEqual([...before, ...made].sort());
  return last;
}

async function digests(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  expect(
    entries.filter((entry) => !entry.isFile() && !entry.isDirectory()),
    'links and the like',
  ).toEqual([]);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    files.map(async (file) => {
      const sha256 = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return `${sha256} ${relative(folder, file)}`;
    }),
  );
}
