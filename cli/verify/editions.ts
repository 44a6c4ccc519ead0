import { createHash } from 'node:crypto';
import { type Receipt, receiptSchema } from '../../src/lib/domain/receipt.ts';
import type { Findings } from './findings.ts';
import { type GivenFile, parseJson, UnusableFile } from './given.ts';
import type { KnownReceipt } from './package.ts';

/** A receipt with its exact text. */
export interface GivenReceipt extends KnownReceipt {
  readonly text: string;
}

const editionOf = ({ edition = 1 }: Receipt): number => edition;

/**
 * The receipts that were given, edition after edition: as they were signed where that was given, and then the readable one must be its very bytes.
 * A request that was resumed has several. @throws UnusableFile for two of one edition.
 */
export function knownReceipts(
  files: readonly GivenFile[],
  signed: readonly GivenReceipt[],
  findings: Findings,
): GivenReceipt[] {
  const known = [...signed];
  const read = new Set<number>();
  for (const file of files) {
    const parsed = receiptSchema.safeParse(parseJson(file.text));
    if (!parsed.success) {
      findings.wrong.push(`${file.name} is no receipt.`);
      continue;
    }
    const edition = editionOf(parsed.data);
    if (read.has(edition)) throw twice('receipt', edition);
    read.add(edition);
    const vouching = signed.find((one) => editionOf(one.receipt) === edition);
    if (!vouching) known.push({ receipt: parsed.data, vouched: false, text: file.text });
    compare(file, { receipt: parsed.data, vouching }, findings);
  }
  if (new Set(signed.map(({ receipt }) => editionOf(receipt))).size < signed.length) throw twice('signed receipt');
  return known.toSorted((a, b) => editionOf(a.receipt) - editionOf(b.receipt));
}

const twice = (what: string, edition?: number): UnusableFile =>
  new UnusableFile(
    `There is more than one ${what}${edition === undefined ? '' : ` of edition ${edition}`}: verify one request at a time.`,
    true,
  );

function compare(
  file: GivenFile,
  { receipt, vouching }: { receipt: Receipt; vouching: GivenReceipt | undefined },
  findings: Findings,
): void {
  if (!vouching) {
    findings.open.push(
      receipt.signature
        ? `${file.name} says that it is signed, but the signed receipt was not given: nothing proves who wrote it.`
        : `${file.name} is not signed: nothing proves who wrote it, or that it was not changed since.`,
    );
  } else if (vouching.text === file.text) findings.proved.push(`${file.name} is what was signed, byte for byte.`);
  else findings.wrong.push(`${file.name} is not what was signed.`);
}

/** Whether each edition is followed by the one that names it. */
export function checkEditions(known: readonly GivenReceipt[], findings: Findings): void {
  for (const { receipt } of known) {
    const edition = editionOf(receipt);
    const { previous } = receipt;
    if (edition === 1 && !previous) continue;
    if (previous?.edition !== edition - 1) {
      findings.wrong.push(`Edition ${edition} of the receipt doesn't name the edition before it.`);
      continue;
    }
    findings.stated.push(
      `It is edition ${edition}: the request was resumed after edition ${previous.edition} of ${previous.madeAt} (${previous.event}).`,
    );
    const before = known.find((one) => editionOf(one.receipt) === previous.edition);
    if (!before) findings.open.push(`Edition ${edition} names an edition ${previous.edition}, which was not given.`);
    else if (isNamed(before, receipt))
      findings.proved.push(`Edition ${previous.edition} is the very one that edition ${edition} names.`);
    else findings.wrong.push(`Edition ${previous.edition} is not the one that edition ${edition} names.`);
  }
}

const isNamed = (before: GivenReceipt, { requestId, previous }: Receipt): boolean =>
  before.receipt.requestId === requestId && createHash('sha256').update(before.text).digest('hex') === previous?.sha256;
