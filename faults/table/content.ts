import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Fault, type Place, type PutOn, SAME } from '../fault.ts';
import { downloadAll } from '../round/files.ts';
import { HOSTILE_NAMES } from '../scenes/hostile.ts';
import { expectUnpacks } from './unpack.ts';

/** What may stand in no page: markup that came from upstream, and characters that turn a line around. */
const LIVE = [...HOSTILE_NAMES.filter((name) => name.includes('<')), '\u202E', '\u2066', '\u0000'];

/** The package unpacks safely, and its report shows every name as text. */
const hostileExport = ({ lane }: Place): PutOn => {
  let shown = 0;
  const afterwards = async (id: string): Promise<void> => {
    await using downloaded = await downloadAll(lane.stage, id);
    const folder = await expectUnpacks(downloaded.folder, downloaded.volumes);
    const pages = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'));
    for (const page of pages) {
      const text = await readFile(join(folder, page), 'utf8');
      for (const live of LIVE) expect(text.includes(live), `${JSON.stringify(live)} in ${page}`).toBe(false);
      shown += HOSTILE_NAMES.filter((name) => text.includes(asText(name))).length;
    }
  };
  return { struck: () => shown, afterwards };
};

/** As a page has it: written here anew. A name that is longer is cut. */
const asText = (name: string): string =>
  name
    .slice(0, 200)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\u202E', '[U+202E]')
    .replaceAll('\u0000', '[U+0000]')
    .replaceAll('\r', '[U+000D]')
    .replaceAll('\u2066', '[U+2066]')
    .replaceAll('\u2069', '[U+2069]');

const names =
  'names with ../, drive letters, NUL, 1,000 characters, reserved words, markup, formulas, right-to-left marks';

export const CONTENTS: readonly Fault[] = [
  {
    name: 'hostile-names-export',
    group: 'content',
    what: names,
    actions: ['export', 'ml-export'],
    hostile: true,
    end: SAME,
    put: hostileExport,
  },
  {
    name: 'hostile-names-delete',
    group: 'content',
    what: names,
    actions: ['delete', 'together', 'ml-delete'],
    hostile: true,
    end: SAME,
    put: () => ({ struck: () => HOSTILE_NAMES.length }),
  },
];
