import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..');
const SENT = ['host.json', 'package.json'];
/** What an operator's folder holds besides, and no repository should. */
const OWN = [
  'targets.json',
  'retention.json',
  'local.settings.json',
  '.local/a',
  '.faults/a',
  'coverage/a',
  'node_modules/a',
];
const DIST = ['dist/host.json', 'dist/package.json', 'dist/src/functions/main.js', 'dist/src/functions/main.js.map'];

const git = (folder: string, words: readonly string[], input = ''): string[] =>
  execFileSync('git', words, { cwd: folder, input, encoding: 'utf8' })
    .split('\0')
    .filter((part) => part !== '');

/** Those of the paths that a file of patterns keeps at home, as git reads such a file. */
function kept(file: string, paths: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-ignored-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  git(folder, ['init', '--quiet']);
  copyFileSync(join(root, file), join(folder, '.gitignore'));
  return git(folder, ['check-ignore', '--no-index', '--stdin', '-z'], paths.join('\0'));
}

describe('What is published from the root', () => {
  it('is host.json, package.json and dist, whatever else lies in the repository or beside it', () => {
    const tracked = git(root, ['ls-files', '-z']);
    expect(tracked).toEqual(expect.arrayContaining(SENT));
    const others = [...tracked.filter((path) => !SENT.includes(path)), ...OWN];
    const home = new Set(kept('.funcignore', [...others, ...SENT, ...DIST]));
    expect(others.filter((path) => !home.has(path))).toEqual([]);
    expect([...SENT, ...DIST].filter((path) => home.has(path))).toEqual([]);
  });
});

describe('What an operator writes at the root', () => {
  it('is not committed: data map, policies, settings', () => {
    const own = OWN.filter((path) => path.endsWith('.json'));
    expect(kept('.gitignore', [...own, 'targets.sample.json', 'retention.sample.json'])).toEqual(own);
  });
});
