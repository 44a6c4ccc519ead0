import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * The files that a worker imports: what package.json's `main` matches, in the order of their names, as the genuine worker does.
 * @throws when there is none.
 */
export async function findEntries(appRoot: string): Promise<string[]> {
  const text = await readFile(join(appRoot, 'package.json'), 'utf8');
  const { main } = z.looseObject({ main: z.string() }).parse(JSON.parse(text));
  const files = globSync(main, { cwd: appRoot }).sort();
  if (files.length === 0)
    throw new Error(`No file in ${appRoot} matches package.json's main "${main}"; is the app built?`);
  return files.map((file) => join(appRoot, file));
}
