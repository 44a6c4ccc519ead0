import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastingWorld } from '../../local/simulated-world.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { startChecked } from './simulator/checked.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-world-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = { resources: [{ projects: [{ iterations: { published: 0 } }, {}] }] };
const start = () => startChecked(lastingWorld(join(folder, 'data/upstream.bin'), options));

describe('a simulated world that lasts', () => {
  it('is after a restart as the last answer left it', async () => {
    const first = await start();
    const [resource] = first.world.resources;
    const [project] = resource?.projects.keys() ?? [];
    const headers = { 'Training-Key': resource?.keys[0] ?? '' };
    const url = `${first.url}/customvision/v3.3/training/projects/${project}`;
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
    const left = snapshotOf(first.world);
    await first.stop();

    const second = await start();
    expect(left.resources[0]?.projects).toHaveLength(1);
    expect(snapshotOf(second.world)).toEqual(left);
    await second.stop();
  });

  it('of another version is refused with what to do about it', () => {
    const file = join(folder, 'upstream.bin');
    writeFileSync(file, serialize({ seed: '1' }));
    expect(() => lastingWorld(file, options)).toThrow(/another version .* Remove its folder/);
  });
});
