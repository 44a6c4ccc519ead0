import { createHash } from 'node:crypto';
import { type Manifest, manifestSchema } from '../../src/lib/domain/manifest.ts';
import type { Receipt } from '../../src/lib/domain/receipt.ts';
import type { Findings } from './findings.ts';
import { type GivenFile, parseJson } from './given.ts';
import { totalFaults, volumeFaults } from './volume.ts';

/** A receipt, and whether a signature that was checked vouches for it. */
export interface KnownReceipt {
  readonly receipt: Receipt;
  readonly vouched: boolean;
}

/** Holds the manifest against the receipt, and each volume with all that is in it against the manifest. */
export async function checkPackage(
  files: { manifest: GivenFile | undefined; volumes: readonly GivenFile[] },
  known: KnownReceipt | undefined,
  findings: Findings,
): Promise<void> {
  if (!files.manifest) return withoutManifest(files.volumes, known, findings);
  const parsed = manifestSchema.safeParse(parseJson(files.manifest.text));
  if (!parsed.success) {
    findings.wrong.push(`${files.manifest.name} is no manifest.`);
    return;
  }
  const faults = [...totalFaults(parsed.data), ...receiptFaults(files.manifest, parsed.data, known?.receipt)];
  findings.wrong.push(...faults);
  if (faults.length === 0 && known) findings.proved.push('The manifest is the one that the receipt names.');
  if (!known?.vouched)
    findings.open.push('No signature vouches for the manifest: what follows from it is worth as much.');
  await checkVolumes(parsed.data, files.volumes, findings);
}

function withoutManifest(volumes: readonly GivenFile[], known: KnownReceipt | undefined, findings: Findings): void {
  if (known?.receipt.manifest) findings.open.push('The receipt names a package; its manifest was not given.');
  findings.open.push(...volumes.map(({ name }) => `${name} was not checked: there is no manifest to hold it against.`));
}

/** Whether that manifest is the one which a receipt names. */
export const names = ({ manifest }: Receipt, { text }: GivenFile): boolean =>
  manifest?.sha256 === createHash('sha256').update(text).digest('hex');

function receiptFaults(file: GivenFile, manifest: Manifest, receipt: Receipt | undefined): string[] {
  if (!receipt) return [];
  if (receipt.requestId !== manifest.requestId) return ['Receipt and manifest are of different requests.'];
  if (!receipt.manifest) return ['The receipt names no manifest.'];
  return names(receipt, file) ? [] : ['The manifest is not the one that the receipt names.'];
}

async function checkVolumes(manifest: Manifest, files: readonly GivenFile[], findings: Findings): Promise<void> {
  const given = new Map(files.map((file) => [file.name, file]));
  for (const volume of manifest.volumes) {
    const file = given.get(volume.name);
    given.delete(volume.name);
    if (!file) {
      findings.open.push(`${volume.name} was not given, and not checked.`);
      continue;
    }
    const faults = await volumeFaults(file.path, volume);
    findings.wrong.push(...faults);
    if (faults.length === 0) {
      findings.proved.push(`${volume.name} and the ${volume.entries.length} files in it are those of the manifest.`);
    }
  }
  findings.wrong.push(...[...given.keys()].map((name) => `${name} is not in the manifest.`));
}
