import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** What a copy of a page looks like after a program of this repository has put one result after another into it. @throws what the program says. */
export async function documented(program: string, page: string, results: readonly unknown[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'documented-'));
  try {
    const copy = join(folder, 'page.md');
    await copyFile(page, copy);
    const pages: string[] = [];
    for (const result of results) {
      const file = join(folder, 'result.json');
      await writeFile(file, JSON.stringify(result));
      await run(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, program), file, copy]);
      pages.push(await readFile(copy, 'utf8'));
    }
    return pages;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A page without what stands between its marks. */
export function aroundTable(page: string | undefined, mark: RegExp): readonly (string | undefined)[] {
  const parts = page?.split(mark) ?? [];
  return [parts[0], parts[2]];
}
