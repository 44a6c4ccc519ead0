import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pictureContent } from '../../../local/simulator/content/png.ts';
import type { Storage } from '../../../src/lib/store/storage.ts';
import { readArchive } from '../../lib/steps/support/archive.ts';
import {
  downloadPackage,
  type MadeItem,
  sealAll,
  sealDependencies,
  writeSlice,
  writeTasks,
} from '../../lib/steps/support/package-world.ts';
import { newRecord } from '../../lib/store/support/records.ts';

/** Names that someone may have given to things upstream, and what a reader must see of them. */
export const HOSTILE_NAMES: readonly (readonly [name: string, shown: string])[] = [
  ['<img src=x onerror="document.title=\'taken\'">', '<img src=x onerror="document.title=\'taken\'">'],
  [`</bdi></h3><script>document.title='taken'</script>`, `</bdi></h3><script>document.title='taken'</script>`],
  ['invoice\u202Egnp.exe', 'invoice[U+202E]gnp.exe'],
  ['before\u0000after\u0007', 'before[U+0000]after[U+0007]'],
  ['\uD83D half', '[U+D83D] half'],
  ['=HYPERLINK("http://x.example","y")', '=HYPERLINK("http://x.example","y")'],
  ['W'.repeat(1000), `${'W'.repeat(200)}…`],
  ['שלום עולם', 'שלום עולם'],
  ['👩‍👩‍👧 família & « ünïcode »', '👩‍👩‍👧 família & « ünïcode »'],
];

const PICTURE = { size: 3000, width: 320, height: 200 };

export interface UnpackedExport {
  readonly folder: string;
  readonly requestId: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Images in the export, and projects with hostile names: more than a page of them. */
export const IMAGES = 7;
export const PROJECTS = 620;

/** A sealed export of several volumes, unpacked into one folder as a person would do it. */
export async function unpackedExport(storage: Storage): Promise<UnpackedExport> {
  const deps = sealDependencies(storage, 200_000);
  const record = newRecord({ state: 'sealing', stateSince: '2026-01-05T11:00:00.000Z' });
  const { requestId } = record;
  await writeTasks(deps, requestId);
  const gap = { line: 'gap' as const, place: 'cv-projects: GetProjects', reason: 'It was refused.' };
  await writeSlice(deps, { requestId, task: 0, slice: 0, more: [gap] }, projects());
  const refused = { line: 'item' as const, key: 'cv-images/p0/lost', outcome: 'refused' as const, reason: '<b>no</b>' };
  await writeSlice(deps, { requestId, task: 1, slice: 0, more: [refused] }, images(0, 4));
  await writeSlice(deps, { requestId, task: 1, slice: 1 }, images(4, IMAGES));
  await sealAll(deps, record);
  await using downloaded = await downloadPackage(deps, requestId);
  const folder = await mkdtemp(join(tmpdir(), 'dsr-unpacked-'));
  for (const volume of downloaded.volumes) {
    for (const [path, bytes] of await readArchive(await readFile(join(downloaded.folder, volume)))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  }
  return { folder, requestId, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const projects = (): MadeItem[] =>
  Array.from({ length: PROJECTS }, (_, index) => {
    const name = HOSTILE_NAMES[index]?.[0] ?? `Trees of region ${index}`;
    const settings = { classificationType: 'Multilabel', useNegativeSet: true };
    const thumbnailUri = 'https://blob.example/t?sig=<masked>';
    const moments = { created: '2025-03-01T08:15:00.123Z', lastModified: '2025-04-01T08:15:00Z' };
    const document = { id: `p${index}`, name, description: null, [name.slice(0, 80)]: name, settings, thumbnailUri };
    return { key: `cv-projects/p${index}`, document: { ...document, ...moments } };
  });

const images = (from: number, to: number): MadeItem[] =>
  Array.from({ length: to - from }, (_, offset) => {
    const id = `image-${from + offset}`;
    const content = pictureContent({ ...PICTURE, seed: id });
    const tags = [
      { tagId: 't1', tagName: 'Hemlock' },
      { tagId: 't2', tagName: '<i>Oak</i>' },
    ];
    const document = {
      id,
      created: '2025-03-01T08:15:00Z',
      width: 320,
      height: 200,
      tags,
      metadata: { owner: '=1+1' },
    };
    const bytes = Buffer.concat([...content.bytes(0, content.size)]);
    return { key: `cv-images/p0/${id}`, document, bytes };
  });
