import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintTaskId, requestIdSchema } from '../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../src/lib/domain/ledger.ts';
import { planHash } from '../../src/lib/domain/plan.ts';
import { move } from '../../src/lib/plan/moves.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { useApi } from '../functions/support.ts';
import { writeInventory } from '../lib/steps/support/inventory.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { makeKeys, sealedFiles } from './support/files.ts';

const api = useApi();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(words: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}) {
  const program = join(import.meta.dirname, '../../cli/dsr.ts');
  const env = { PATH: process.env.PATH, DSR_API: api.url, DSR_KEY: 'portal-key', ...environment };
  const child = spawn(process.execPath, [program, ...words], { env });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code: Number(code) };
}

const SUBMISSION = { action: 'export', subject: { reference: 'case-1' }, targets: 'all', scope: 'target' };
const named = z.looseObject({ requestId: requestIdSchema, state: z.string() });

describe('dsr, asking the service', () => {
  it('hands a request in, sees how it stands and cancels it', async () => {
    const handed = await run(['submit', '-', '--idempotency-key', 'case-1'], JSON.stringify(SUBMISSION));
    expect({ err: handed.err, code: handed.code }).toEqual({ err: '', code: 0 });
    const { requestId } = named.parse(JSON.parse(handed.out));
    const file = join(folder, 'request.json');
    await writeFile(file, JSON.stringify(SUBMISSION));
    const again = await run(['submit', file, '--idempotency-key', 'case-1']);
    expect(named.parse(JSON.parse(again.out)).requestId).toBe(requestId);
    const cancelled = await run([
      'cancel',
      requestId,
      '--reason',
      'a mistake',
      '--api',
      api.url,
      '--key',
      'officer-key',
    ]);
    expect(cancelled.err).toBe('');
    expect(named.parse(JSON.parse(cancelled.out))).toMatchObject({ cancel: { reason: 'a mistake', actor: 'officer' } });
    expect(JSON.parse((await run(['status', requestId])).out)).toMatchObject({ requestId, state: 'cancelled' });
  });

  it('lists all items of a plan, a line each, however many pages they take', async () => {
    const task = { taskId: mintTaskId(1, 0), family: 'cv-projects', target: 'vision', stage: 0, way: 'call' as const };
    const keys = Array.from({ length: 201 }, (_, index) => `cv-projects/p${index}`);
    const tasks = [{ ...task, counts: { ...NO_COUNTS, found: keys.length }, keysDigest: '' }];
    const body = { v: 1 as const, revision: 1, action: 'delete' as const, dryRun: true, tasks, byHand: [] };
    const plan = { ...body, hash: planHash(body) };
    const submission = { ...newRecord().submission, action: 'delete' as const, dryRun: true };
    const { requestId } = await api.stored({ submission, state: 'completed', plan: { revision: 1, hash: plan.hash } });
    const { storage } = api.storage;
    await documentStore(storage).write({ requestId, name: 'plan.json' }, plan, 'replace');
    const items = keys.map((key) => ({ line: 'found' as const, key, parameters: {} }));
    await writeInventory(storage, { requestId, task }, items);
    const { out, code } = await run(['plan', requestId, '--items']);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).key)).toEqual(keys);
    expect(code).toBe(0);
    expect(JSON.parse((await run(['plan', requestId])).out)).toEqual(plan);
  });

  it('downloads package, receipt and journal as they are, which can be verified, and replaces nothing', async () => {
    const keys = await makeKeys();
    const files = await sealedFiles(api.storage.storage, keys);
    const { requestId } = named.omit({ state: true }).parse(JSON.parse(files['receipt.json'].toString()));
    await recordStore(api.storage.storage).change(requestId, (record) =>
      move(record, 'complete', { at: new Date(), actor: 'system', reason: 'all' }),
    );
    const out = join(folder, 'package');
    expect((await run(['package', requestId, '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['manifest.json', 'package-001.zip']);
    expect(await readFile(join(out, 'package-001.zip'))).toEqual(files['package-001.zip']);
    expect(await run(['package', requestId, '--out', out])).toMatchObject({ code: 2 });
    const receipt = await run(['receipt', requestId, '--signed']);
    expect(receipt.out).toBe(files['receipt.jws'].toString());
    expect((await run(['journal', requestId])).out).toContain('"event":"package-downloaded"');
    await writeFile(join(out, 'receipt.jws'), receipt.out);
    await writeFile(join(out, 'jwks.json'), files['jwks.json']);
    const paths = ['manifest.json', 'package-001.zip', 'receipt.jws', 'jwks.json'].map((name) => join(out, name));
    expect(await run(['verify', ...paths])).toMatchObject({ code: 0, err: '' });
  });

  it('answers 1 and tells why where the service refuses', async () => {
    const { requestId } = await api.stored({ state: 'running', run: { n: 1, ended: false } });
    const order = ['decide', requestId, 'approve', '--plan-hash', 'a'.repeat(64)];
    expect(await run(order, '', { DSR_KEY: 'officer-key' })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('409: The request does not wait for a decision.'),
    });
    expect(await run(['plan', requestId])).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no plan.'),
    });
  });

  it.each([
    ['no service there', ['status', 'x', '--api', 'http://127.0.0.1:1'], 'could not be reached'],
    ['a network that anybody can read', ['status', 'x', '--api', 'http://example.com'], 'https only'],
    ['no request named', ['status'], 'id is needed'],
    ['a word that is no decision', ['decide', 'x', 'perhaps'], 'approve or reject'],
    ['a file that is not there', ['submit', '/nowhere.json'], 'is not there'],
    ['an unknown option', ['status', 'x', '--trust'], 'usage'],
  ])('answers 2 for %s', async (_, words, sentence) => {
    const { err, code } = await run(words);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('names each wrong field of a request before anything is sent', async () => {
    const { err, code } = await run(['submit', '-'], JSON.stringify({ ...SUBMISSION, scope: 'all' }));
    expect(code).toBe(2);
    expect(err).toMatch(/^ {2}scope: /m);
  });
});
