import type { PublicKey } from '../../src/lib/domain/jwks.ts';
import { receiptSchema } from '../../src/lib/domain/receipt.ts';
import { type Findings, noFindings } from './findings.ts';
import { type GivenFile, type Kind, parseJson, readGiven, UnusableFile } from './given.ts';
import { checkJournal, type KnownHead } from './journal.ts';
import { keysIn } from './keys.ts';
import { checkPackage, type KnownReceipt } from './package.ts';
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
  const known = knownReceipt(one(files, 'receipt'), signed, findings);
  if (known) checkReceipt(known.receipt, findings);
  await checkPackage({ manifest: one(files, 'manifest'), volumes: of('volume') }, known, findings);
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

/** The receipt: as it was signed where that was given, and then the readable one must be its very bytes. */
function knownReceipt(
  file: GivenFile | undefined,
  { receipt: signed }: SignedStatements,
  findings: Findings,
): KnownReceipt | undefined {
  if (!file) return signed;
  const parsed = receiptSchema.safeParse(parseJson(file.text));
  if (!parsed.success) {
    findings.wrong.push(`${file.name} is no receipt.`);
    return signed;
  }
  if (signed) {
    if (signed.text === file.text) findings.proved.push(`${file.name} is what was signed, byte for byte.`);
    else findings.wrong.push(`${file.name} is not what was signed.`);
    return signed;
  }
  findings.open.push(
    parsed.data.signature
      ? `${file.name} says that it is signed, but the signed receipt was not given: nothing proves who wrote it.`
      : `${file.name} is not signed: nothing proves who wrote it, or that it was not changed since.`,
  );
  return { receipt: parsed.data, vouched: false };
}

function headsOf(known: KnownReceipt | undefined, { head }: SignedStatements, findings: Findings): KnownHead[] {
  const heads: KnownHead[] = known ? [{ by: 'the receipt', ...known.receipt.journal, vouched: known.vouched }] : [];
  if (!head) return heads;
  if (known && known.receipt.requestId !== head.requestId) {
    findings.wrong.push('The receipt and the signed head of the journal are of different requests.');
  }
  return [...heads, head];
}
