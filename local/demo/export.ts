import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../src/lib/domain/receipt.ts';
import { checkPackage } from '../package-check.ts';
import { accountLines } from './account.ts';
import { expectThat } from './fault.ts';
import { followUntil } from './follow.ts';
import { keepReceipt, type Scene, submitAll } from './scene.ts';
import { bytesText, counted, pathText } from './text.ts';

/** Exports everything, downloads package and receipt and checks them. @throws DemoFault, ApiRefusal. */
export async function showExport(scene: Scene): Promise<Receipt> {
  const { screen, portal } = scene;
  screen.heading('1. Export: a copy of everything');
  const requestId = await submitAll(scene, 'export');
  const { outcome } = await followUntil({ portal, requestId, screen }, 'completed');
  screen.fact('result', screen.good(`completed. ${outcome?.reason ?? ''}`));
  const folder = join(scene.folder, 'export');
  await mkdir(folder);
  await downloadPackage(scene, requestId, folder);
  const receipt = await keepReceipt(scene, requestId, folder);
  await expectChecked(folder, receipt);
  screen.fact('checked', screen.good('sizes and SHA-256s of every volume and every file are those of the manifest'));
  screen.fact('', 'and the manifest is the one that the receipt names');
  screen.fact('receipt', pathText(join(folder, 'receipt.json')), ...accountLines(receipt));
  const { found, saved, absent, gaps } = receipt.totals;
  const complete = saved > 0 && found === saved + absent && gaps === 0;
  expectThat(complete, `Of ${found} items found, ${saved} were saved; ${absent} absent, ${gaps} places unread.`);
  return receipt;
}

async function downloadPackage({ portal, screen }: Scene, requestId: string, folder: string): Promise<void> {
  const { volumes, manifest } = await portal.package(requestId);
  const files = [...volumes, manifest];
  for (const { name, href } of files) await portal.download(href, join(folder, name));
  const lines = files.map(({ name, bytes }) => `${pathText(join(folder, name))}  (${bytesText(bytes)})`);
  screen.fact('package', ...lines);
}

/** What is on disk now is held against the manifest, and the manifest against the receipt. */
async function expectChecked(folder: string, receipt: Receipt): Promise<void> {
  const faults = await checkPackage(folder);
  expectThat(faults.length === 0, `The package has ${counted(faults.length, 'fault')}: ${faults.join(' ')}`);
  const sha256 = createHash('sha256')
    .update(await readFile(join(folder, 'manifest.json')))
    .digest('hex');
  expectThat(receipt.manifest?.sha256 === sha256, 'The receipt names another manifest.');
}
