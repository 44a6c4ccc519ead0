import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryLine } from '../../scripts/summary-reporter.ts';

const root = join(import.meta.dirname, '../..');

/** A run of its own with our reporter, as `npm test` makes it: what it prints last, and how it ends. */
async function runTests(folder: string): Promise<{ last: string | undefined; code: number | null }> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/summary-reporter.ts')}`];
  const child = spawn(process.execPath, [vitest, 'run', '--root', folder, '--globals', ...reporters], { cwd: folder });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [printed] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { last: printed.trimEnd().split('\n').at(-1), code: await ended };
}

describe('the last line of a test run', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsr-summary-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('counts what passed and failed, with skipped tests only where there are any', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(summaryLine({ passed: 0, failed: 3, skipped: 2 })).toBe('0 passed, 3 failed, 2 skipped');
  });

  it('says so when all is well', async () => {
    await writeFile(join(folder, 'good.test.js'), "it('one', () => {}); it('two', () => {});");
    expect(await runTests(folder)).toEqual({ last: '2 passed, 0 failed', code: 0 });
  });

  it('counts a file that cannot be loaded and an error outside every test as failures', async () => {
    await writeFile(join(folder, 'broken.test.js'), "throw new Error('no test was even defined');");
    await writeFile(
      join(folder, 'mixed.test.js'),
      "it('fails', () => { throw new Error('as it should'); }); it.skip('skipped', () => {});" +
        "it('leaks', async () => { Promise.reject(new Error('nobody waits')); await new Promise(setImmediate); });",
    );
    expect(await runTests(folder)).toEqual({ last: '3 passed, 3 failed, 1 skipped', code: 1 });
  });
});
