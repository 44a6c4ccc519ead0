import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { verify } from '../../cli/verify/verify.ts';
import { checkPackage } from '../../local/package-check.ts';
import { openPackage } from '../../test/end-to-end/support/package.ts';
import type { Stage } from '../../test/end-to-end/support/stage.ts';
import type { Scene } from '../scenes/scene.ts';

const listing = z.object({ volumes: z.array(z.looseObject({ name: z.string() })) });

/** Files of a request as a portal has them on its disk. */
export interface Downloaded {
  readonly folder: string;
  readonly volumes: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Downloads receipt and journal, and the package where there is one. */
export async function downloadAll(stage: Stage, id: string): Promise<Downloaded> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'));
  const save = async (name: string, path: string) =>
    writeFile(join(folder, name), await stage.portal.bytes(`/requests/${id}/${path}`));
  const listed = await stage.portal.call('GET', `/requests/${id}/package`);
  const volumes = listed.status === 200 ? listing.parse(listed.json).volumes.map(({ name }) => name) : [];
  for (const name of volumes) await save(name, `package/${name}`);
  if (listed.status === 200) await save('manifest.json', 'package/manifest.json');
  await save('receipt.json', 'receipt');
  await save('journal.ndjson', 'journal');
  return { folder, volumes, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Everything that was handed out verifies, by the offline verifier as well; each byte of an export is upstream's. */
export async function expectFiles(stage: Stage, id: string, scene: Scene): Promise<void> {
  await using downloaded = await downloadAll(stage, id);
  const { folder, volumes } = downloaded;
  const names = ['receipt.json', 'journal.ndjson', ...(volumes.length > 0 ? ['manifest.json', ...volumes] : [])];
  const { wrong } = await verify({ paths: names.map((name) => join(folder, name)) });
  expect(wrong, 'what the verifier finds wrong').toEqual([]);
  if (volumes.length === 0) return;
  expect(await checkPackage(folder), 'what is wrong with the package').toEqual([]);
  const { contents, outcomes } = await openPackage(stage, id);
  for (const [key, sha256] of scene.digests) {
    if (outcomes.get(key) === 'saved') expect(contents.get(key), `bytes of ${key}`).toEqual([sha256]);
  }
}
