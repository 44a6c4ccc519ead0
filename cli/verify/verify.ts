import type { PublicKey } from '../../src/lib/domain/jwks.ts';
import { checkEditions, knownReceipts } from './editions.ts';
import { type Findings, noFindings } from './findings.ts';
import { type GivenFile, type Kind, readGiven, UnusableFile } from './given.ts';
import { checkJournal, type KnownHead } from './journal.ts';
import { keysIn } from './keys.ts';
import { checkPackage, type KnownReceipt, names } from './package.ts';
import { checkReceipt } from './receipt.ts';
import { readSigned, type SignedStatements } from './statements.ts';

/** What is to be verified. `keySet`: a JWKS from elsewhere, with the name it is told by. */
export interface ToVerify {
  readonly paths: readonly string[];
  readonly keySet?: { readonly name: string; readonly text: string };
}

/**
 * Verifies the files of one request against each other and against the public keys of the service. Nothing is fetched and nothing is
 * believed because of its name. @throws UnusableFile for a file that can't be read, or for a second one of a kind.
 */
export async function verify({ paths, keySet }: ToVerify): Promise<Findings> {
  const findings = noFindings();
  const files = await readAll(paths, findings);
  const of = (kind: Kind) => files.filter((file) => file.kind === kind);
  const keys = await allKeys([...of('keys'), ...(keySet ? [keySet] : [])], findings);
  const signed = await readSigned(of('signature'), keys, findings);
  const receipts = knownReceipts(of('receipt'), signed.receipts, findings);
  // The last edition tells of everything, also of what the ones before it did.
  const known = receipts.at(-1);
  if (known) checkReceipt(known.receipt, findings);
  checkEditions(receipts, findings);
  const manifest = one(files, 'manifest');
  const volumes = of('volume');
  noneTwice(volumes);
  const naming = receipts.find(({ receipt }) => manifest && names(receipt, manifest));
  await checkPackage({ manifest, volumes }, naming ?? known, findings);
  const journal = one(files, 'journal');
  if (journal) checkJournal(journal.text, headsOf(known, signed, findings), findings);
  return findings;
}

async function readAll(paths: readonly string[], findings: Findings): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  for (const path of paths) {
    try {
      files.push(await readGiven(path));
    } catch (error) {
      if (!(error instanceof UnusableFile) || error.isMissing) throw error;
      findings.wrong.push(error.message);
    }
  }
  return files;
}

function one(files: readonly GivenFile[], kind: Kind): GivenFile | undefined {
  const [first, ...more] = files.filter((file) => file.kind === kind);
  if (more.length > 0) throw new UnusableFile(`There is more than one ${kind}: verify one request at a time.`, true);
  return first;
}

/** Of two volumes of one name only one could be held against the manifest, and nothing would be said of the other. */
function noneTwice(volumes: readonly GivenFile[]): void {
  const seen = new Set<string>();
  for (const { name } of volumes) {
    if (seen.has(name)) throw new UnusableFile(`There is more than one ${name}: verify one package at a time.`, true);
    seen.add(name);
  }
}

/** undefined when no set of keys was given at all. */
async function allKeys(
  sets: readonly { name: string; text: string }[],
  findings: Findings,
): Promise<PublicKey[] | undefined> {
  if (sets.length === 0) return undefined;
  const keys: PublicKey[] = [];
  for (const { name, text } of sets) keys.push(...(await keysIn(name, text, findings)));
  return keys;
}

function headsOf(known: KnownReceipt | undefined, { heads }: SignedStatements, findings: Findings): KnownHead[] {
  if (!known) return [...heads];
  const { journal, requestId } = known.receipt;
  if (heads.some((head) => head.requestId !== requestId)) {
    findings.wrong.push('The receipt and the signed head of the journal are of different requests.');
  }
  return [{ by: 'the receipt', ...journal, vouched: known.vouched }, ...heads];
}
