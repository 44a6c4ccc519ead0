import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage } from '../../local/package-check.ts';

const run = promisify(execFile);
const demo = join(import.meta.dirname, '../../local/demo.ts');
let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'dsr-demo-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

/** Command lines of running processes that name the demo's folder, as Azurite's does. */
async function leftovers(): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes('azurite') && line.includes(data));
}

describe('npm run demo', () => {
  it('exports, erases, finds nothing left, and leaves a package and receipts behind', async () => {
    const { stdout } = await run(process.execPath, [demo, '--data', data]);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^demo: export completed, delete completed, [1-9]\d* items exported, [1-9]\d* items erased, 0 left$/,
    );
    const [folder = ''] = await readdir(data);
    expect((await readdir(join(data, folder, 'delete'))).sort()).toEqual(['journal.ndjson', 'receipt.json']);
    expect(await checkPackage(join(data, folder, 'export'))).toEqual([]);
    expect(await leftovers()).toEqual([]);
  }, 480_000);

  it('ends everything that it started on Ctrl-C', async () => {
    const child = spawn(process.execPath, [demo, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      url ||= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
      if (line.includes('cv-images on vision-west exported')) child.kill('SIGINT');
    }
    expect((await ended)[0]).toBe(130);
    await expect(fetch(`${url}/api/health`)).rejects.toThrow('fetch failed');
    expect(await leftovers()).toEqual([]);
  }, 240_000);

  it('says in one sentence why it can not begin, and fails', async () => {
    const file = join(data, 'no-folder');
    await writeFile(file, '');
    const failed = await run(process.execPath, [demo, '--data', file]).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/^\ndemo: failed: .+\n$/) });
  });
});
