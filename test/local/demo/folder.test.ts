import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshFolder } from '../../../local/demo/folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dsr-folders-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the folder of a demo', () => {
  it('is named by its time and new even when two begin in one second', async () => {
    const now = new Date('2031-02-03T04:05:06.789Z');
    expect(await freshFolder(parent, now)).toBe(join(parent, 'demo-20310203-040506'));
    expect(await freshFolder(parent, now)).toBe(join(parent, 'demo-20310203-040506-2'));
  });

  it('makes room: the last three demos stay, and whatever else lies there', async () => {
    await mkdir(join(parent, 'demo-mine'));
    await mkdir(join(parent, 'azurite'));
    for (const second of [1, 2, 3, 4, 5]) await freshFolder(parent, new Date(Date.UTC(2031, 0, 1, 0, 0, second)));
    expect((await readdir(parent)).sort()).toEqual([
      'azurite',
      'demo-20310101-000003',
      'demo-20310101-000004',
      'demo-20310101-000005',
      'demo-mine',
    ]);
  });
});
