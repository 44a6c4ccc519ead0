import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { type Files, inFolder, makeKeys, sealedFiles } from './support/files.ts';

const azurite = useAzurite();
const keys = await makeKeys();
let files: Files;

beforeAll(async () => {
  files = await sealedFiles(azurite.storage, keys);
});

async function run(...words: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../cli/dsr.ts'), ...words]);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code: Number(code) };
}

describe('dsr verify', () => {
  it('says what is stated and proved, and answers 0 when all holds', async () => {
    await using given = await inFolder(files);
    const { out, err, code } = await run('verify', ...given.paths);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(/What the receipt states\n {2}· Request [0-9a-f-]{36}: export on vision/);
    expect(out).toContain(`signed with the key ${keys.signer.keyId}`);
    expect(out).toMatch(/Everything holds\.\n$/);
  });

  it('says what is not proved without the public keys', async () => {
    const { 'jwks.json': _, ...rest } = files;
    await using given = await inFolder(rest);
    const { out, code } = await run('verify', ...given.paths);
    expect(code).toBe(0);
    expect(out).toContain('No public key was given');
    expect(out).not.toContain('Everything holds');
  });

  it('takes the public keys from the address of the service', async () => {
    const server = createServer((_, response) => response.end(files['jwks.json'])).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo;
    const { 'jwks.json': _, ...rest } = files;
    await using given = await inFolder(rest);
    const { out, code } = await run('verify', '--jwks', `http://127.0.0.1:${address.port}/jwks.json`, ...given.paths);
    server.close();
    expect(code).toBe(0);
    expect(out).toMatch(/Everything holds\.\n$/);
  });

  it('answers 1 when something was changed, and lets nothing of it steer the terminal', async () => {
    await using given = await inFolder(files);
    await given.write(
      'manifest.json',
      files['manifest.json'].toString('utf8').replace('README.txt', '\\u001b[2JX.txt'),
    );
    const { out, code } = await run('verify', ...given.paths);
    expect(code).toBe(1);
    expect(out).toContain('The manifest is not the one that the receipt names.');
    expect(out).toContain('?[2JX.txt is missing');
    expect(out).not.toContain('\u001b');
  });

  it.each([
    ['nothing to do', []],
    ['no file', ['verify']],
    ['an unknown option', ['verify', '--trust', 'x']],
    ['a file that is not there', ['verify', '/nowhere/receipt.json']],
    ['keys over a network that anybody can read', ['verify', '--jwks', 'http://example.com/jwks.json', 'x']],
  ])('answers 2 for %s', async (_, words) => {
    const { err, code } = await run(...words);
    expect(code).toBe(2);
    expect(err).not.toBe('');
    expect(err).not.toMatch(/\n\s+at /);
  });
});
