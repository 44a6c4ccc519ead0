import type { z } from 'zod';
import { journalStatementSchema } from '../../src/lib/domain/journal-head.ts';
import type { PublicKey } from '../../src/lib/domain/jwks.ts';
import { receiptSchema } from '../../src/lib/domain/receipt.ts';
import type { StatementType } from '../../src/lib/domain/signer.ts';
import type { GivenReceipt } from './editions.ts';
import type { Findings } from './findings.ts';
import { type GivenFile, parseJson } from './given.ts';
import type { KnownHead } from './journal.ts';
import { type Signed, takeApart, verdictOn } from './signature.ts';

/** What signed files say, where nothing is wrong with their signatures. */
export interface SignedStatements {
  readonly receipts: GivenReceipt[];
  /** A journal may have been vouched for at several times; each head is held against it. */
  readonly heads: (KnownHead & { readonly requestId: string })[];
}

const NAMES: Readonly<Record<StatementType, string>> = {
  'dsr-receipt': 'receipt',
  'dsr-journal-head': 'head of the journal',
};

/** Reads signed files and checks who signed them. Without keys they are read, and told to be unproved. */
export async function readSigned(
  files: readonly GivenFile[],
  keys: readonly PublicKey[] | undefined,
  findings: Findings,
): Promise<SignedStatements> {
  const statements: SignedStatements = { receipts: [], heads: [] };
  for (const file of files) {
    const signed = takeApart(file.text);
    if (!signed) {
      findings.wrong.push(`${file.name} is no signed statement of this service.`);
      continue;
    }
    const vouched = await isVouched(signed, keys, findings);
    if (vouched !== undefined && !take(statements, { signed, vouched })) {
      findings.wrong.push(`What was signed in ${file.name} is not what it says it is.`);
    }
  }
  return statements;
}

/** undefined: the signature is wrong, and nothing in the file counts. */
async function isVouched(
  signed: Signed,
  keys: readonly PublicKey[] | undefined,
  findings: Findings,
): Promise<boolean | undefined> {
  const { kid, typ } = signed.header;
  const what = NAMES[typ];
  if (!keys) {
    findings.open.push(`No public key was given: the signature of the ${what} was not checked.`);
    return false;
  }
  const verdict = await verdictOn(signed, keys);
  if (verdict === 'genuine') {
    findings.proved.push(`The ${what} was signed with the key ${kid}, and not changed since.`);
    return true;
  }
  findings.wrong.push(
    verdict === 'forged'
      ? `The signature of the ${what} is not valid: it was changed, or never signed with the key ${kid}.`
      : `The ${what} was signed with a foreign key, ${kid}, which is not among the public keys that were given.`,
  );
  return undefined;
}

/** @returns whether what was signed is what its header says. */
function take(into: SignedStatements, { signed, vouched }: { signed: Signed; vouched: boolean }): boolean {
  const text = signed.payload.toString('utf8');
  if (signed.header.typ === 'dsr-receipt') {
    const receipt = parsed(receiptSchema, text);
    if (receipt?.signature?.keyId !== signed.header.kid) return false;
    into.receipts.push({ receipt, vouched, text });
    return true;
  }
  const statement = parsed(journalStatementSchema, text);
  if (!statement) return false;
  const { requestId, journal, at } = statement;
  into.heads.push({ requestId, ...journal, vouched, by: `the head of ${at}` });
  return true;
}

const parsed = <T>(schema: z.ZodType<T>, text: string): T | undefined => schema.safeParse(parseJson(text)).data;
