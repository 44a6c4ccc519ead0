import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDsrFrom } from '../../src/lib/app/open-dsr-settings.ts';

const docs = join(import.meta.dirname, '../../docs/opendsr');
const certificate = join(docs, 'certificate.pem');
const vector = join(docs, 'vector-body.json');
let folder: string;
let signature: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-vector-'));
  signature = (await readFile(join(docs, 'vector-signature.txt'), 'utf8')).trim();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the verifier of the documents says, and how it ends. */
const verified = (...given: readonly string[]): Promise<{ readonly code: number; readonly says: string }> =>
  new Promise((resolve) => {
    const asked = [join(docs, 'verify.mjs'), ...given];
    const child = execFile(process.execPath, asked, (_, stdout) => {
      resolve({ code: child.exitCode ?? -1, says: stdout.trim() });
    });
  });

describe('The documented verifier', () => {
  it('takes the test vector', async () => {
    expect(await verified(certificate, vector, signature, 'dsr.example.com')).toEqual({ code: 0, says: 'valid' });
  });

  it('refuses another body, another signature and another domain', async () => {
    const other = join(folder, 'other.json');
    await writeFile(other, `${await readFile(vector, 'utf8')} `);
    const refused = [
      await verified(certificate, other, signature),
      await verified(certificate, vector, Buffer.alloc(512).toString('base64')),
      await verified(certificate, vector, signature, 'other.example.com'),
    ];
    expect(refused.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(refused[2]?.says).toContain('another domain');
  });

  it('is of one mind with the app: the vector is what the app signs', async () => {
    const processor = openDsrFrom({
      OPENDSR_DOMAIN: 'dsr.example.com',
      OPENDSR_SIGNING_KEY: await readFile(join(docs, 'test-key.pem'), 'utf8'),
      OPENDSR_CERTIFICATE: await readFile(certificate, 'utf8'),
    });
    expect(processor?.sign(await readFile(vector, 'utf8'))).toBe(signature);
  });
});
