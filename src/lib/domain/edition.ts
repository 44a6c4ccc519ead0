import { sealTask, type TaskId } from './ids.ts';
import { isEnded } from './lifecycle.ts';
import type { RequestRecord } from './request.ts';

export type ReceiptName = 'receipt.json' | 'receipt.jws' | `receipt-${number}.json` | `receipt-${number}.jws`;
export type ManifestName = 'manifest.json' | `manifest-${number}.json`;
export type VolumeName = `package-${string}.zip`;

/** Sealings that a request may come to. */
export const MOST_EDITIONS = 99;

/** The sealing that a request has come to or is on its way to, from 1: one that was resumed is sealed again, beside what was sealed before. */
export const editionOf = ({ edition }: Pick<RequestRecord, 'edition'>): number => edition ?? 1;

/** The last sealing that came to its end; 0 before the first. */
export const sealedEdition = (record: Pick<RequestRecord, 'edition' | 'state'>): number =>
  isEnded(record.state) ? editionOf(record) : editionOf(record) - 1;

/** A delete that exports first packs once; what is done again of it saves nothing. */
export const packageEdition = ({ submission }: Pick<RequestRecord, 'submission'>, edition: number): number =>
  submission.action === 'export' ? edition : 1;

/** The task that packs a request in the sealing that it is on its way to. */
export const packTask = (record: Pick<RequestRecord, 'edition' | 'submission'>): TaskId =>
  sealTask(packageEdition(record, editionOf(record)));

export const receiptName = (edition: number, ending: 'json' | 'jws'): ReceiptName =>
  edition === 1 ? `receipt.${ending}` : `receipt-${edition}.${ending}`;

export const manifestName = (edition: number): ManifestName =>
  edition === 1 ? 'manifest.json' : `manifest-${edition}.json`;

/** @param number from 1. */
export const volumeName = (edition: number, number: number): VolumeName =>
  `package-${edition === 1 ? '' : `${edition}-`}${String(number).padStart(3, '0')}.zip`;

const FILE = /^(?:manifest(?:-([2-9]|[1-9][0-9]))?\.json|package-(?:([2-9]|[1-9][0-9])-)?[0-9]{3,6}\.zip)$/;

/** The edition that a file of a package belongs to; undefined for what is none. */
export function editionOfFile(name: string): number | undefined {
  const match = FILE.exec(name);
  return match ? Number(match[1] ?? match[2] ?? 1) : undefined;
}
