import { createHash } from 'node:crypto';
import type { Ledger } from '../../domain/receipt.ts';
import type { DoneSlice } from '../../store/slices.ts';

/** Sums up the results of a task, in order of their names, as `sha256sum` would list them. */
export class LedgerDigest {
  private readonly hash = createHash('sha256');
  private results = 0;
  private bytes = 0;
  private altered = 0;

  /** @returns whether the result is what was committed, as far as that was written down. */
  add({ sliceId, sha256 }: DoneSlice, found: { readonly bytes: number; readonly sha256: string }): boolean {
    this.hash.update(`${found.sha256}  ${sliceId}.ndjson\n`);
    this.results += 1;
    this.bytes += found.bytes;
    const isGenuine = sha256 === undefined || sha256 === found.sha256;
    if (!isGenuine) this.altered += 1;
    return isGenuine;
  }

  result(): Omit<Ledger, 'settled'> {
    const { results, bytes, altered } = this;
    return { results, bytes, sha256: this.hash.digest('hex'), altered };
  }
}
