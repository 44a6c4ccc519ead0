import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../../client/client.ts';
import { isPackageFile } from '../../src/lib/domain/package-file.ts';
import { WrongUse } from '../wrong-use.ts';

/** Downloads every file of a package into a folder, and replaces none that is there. @throws WrongUse for a folder that can't be written to. */
export async function downloadPackage(api: ApiClient, id: string, folder: string): Promise<void> {
  const { volumes, manifest } = await api.call('getPackage', { parts: { id } });
  await mkdir(folder, { recursive: true }).catch(() => cannotWrite(folder));
  for (const { name, href } of [...volumes, manifest]) {
    // A name from elsewhere never leads out of the folder.
    if (!isPackageFile(name)) throw new WrongUse('The service names a file that no package has.');
    const { body } = await api.follow(href);
    const path = join(folder, name);
    const file = createWriteStream(path, { flags: 'wx' });
    await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), file).catch((error: unknown) => {
      if (error instanceof Error && 'syscall' in error && error.syscall === 'open') cannotWrite(path);
      // Half a file would pass for one that is there.
      return rm(path).then(() => Promise.reject(error));
    });
    console.log(path);
  }
}

function cannotWrite(path: string): never {
  throw new WrongUse(`${path} can't be written, or is there already.`);
}
