import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { expectQueuesEmpty, readReceipt } from './support/account.ts';
import { approve, planDelete } from './support/erasure.ts';
import { type Stage, startStage } from './support/stage.ts';

vi.setConfig({ testTimeout: 170_000 });
const signing = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redrive-'));
  stage = await startStage({ targets: [{ name: 'one' }], settings: { RECEIPT_SIGNING_KEY: signing } });
});
afterAll(async () => {
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

const failuresSchema = z.object({ failures: z.array(z.looseObject({ kind: z.string(), error: z.string() })) });
const dsr = join(import.meta.dirname, '../../cli/dsr.ts');

/** Writes signed receipts, journal and keys into the folder, and has them verified as anybody would. */
async function verified(path: string): Promise<string> {
  const files = { 'receipt.jws': `${path}/receipt?edition=1`, 'receipt-2.jws': `${path}/receipt` };
  for (const [name, at] of Object.entries(files)) {
    const reply = await stage.portal.call('GET', at, { headers: { accept: 'application/jose' } });
    expect(reply.status).toBe(200);
    await writeFile(join(folder, name), String(reply.json));
  }
  await writeFile(join(folder, 'journal.ndjson'), await stage.portal.bytes(`${path}/journal`));
  await writeFile(join(folder, 'jwks.json'), await stage.portal.bytes('/.well-known/jwks.json'));
  const given = [...Object.keys(files), 'journal.ndjson', 'jwks.json'].map((name) => join(folder, name));
  return (await promisify(execFile)(process.execPath, [dsr, 'verify', ...given])).stdout;
}

describe('A delete of which upstream refused a part', () => {
  test('is resumed once upstream gives way, ends completed, and its second receipt names the first', async () => {
    const { portal, officer, simulator } = stage;
    simulator.faults.add({ match: { operation: 'DeleteProject' }, fault: { kind: 'status', status: 403 } });
    const planned = await planDelete(stage, 'one', { erase: 'together' });
    await approve(stage, planned);
    const path = `/requests/${planned.id}`;
    const first = await portal.ended(planned.id);
    expect(first.state).toBe('partially-completed');
    const before = await readReceipt(stage, planned.id);
    const listed = failuresSchema.parse((await officer.call('GET', `${path}/failures?limit=5`)).json);
    expect(listed.failures).toMatchObject([{ kind: 'item', family: 'cv-projects', error: 'DeleteProject: 403 403' }]);
    simulator.faults.clear();
    const body = { reason: 'The lock on the resource group is lifted.' };
    expect(await officer.call('POST', `${path}/redrive`, { body })).toMatchObject({
      status: 202,
      json: { state: 'running', edition: 2 },
    });
    const view = await portal.ended(planned.id);
    expect(view).toMatchObject({ state: 'completed', edition: 2 });
    expect(stage.resource('one').projects.size).toBe(0);
    const receipt = await readReceipt(stage, planned.id);
    expect(receipt).toMatchObject({ edition: 2, previous: { edition: 1, event: 'complete-partially' }, faults: [] });
    expect(before.totals.refused).toBe(1);
    expect(receipt.totals).toMatchObject({ found: before.totals.found, refused: 0, gaps: 0 });
    expect(receipt.totals.erased).toBeGreaterThan(before.totals.erased + 1);
    expect(view.totals).toMatchObject({ found: receipt.totals.found, erased: receipt.totals.erased, open: 0 });
    expect((await portal.call('GET', `${path}/receipt?edition=3`)).status).toBe(404);
    const told = await verified(path);
    expect(told).toContain('Edition 1 is the very one that edition 2 names.');
    expect(told).toMatch(/signed with the key .+/);
    expect((await officer.call('POST', `${path}/redrive`, { body })).json).toMatchObject({
      type: '/problems/not-redrivable',
    });
    await expectQueuesEmpty(stage);
    expect(stage.findings).toEqual([]);
  });
});
