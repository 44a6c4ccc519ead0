import { createHash } from 'node:crypto';
import { z } from 'zod';

/** How many keys there are, and the sum of their SHA-256 digests modulo 2^256, as 64 hex digits: the same in whatever order they come. */
export const keySumSchema = z.object({
  count: z.number().int().nonnegative(),
  sum: z.string().regex(/^[0-9a-f]{64}$/),
});
export type KeySum = z.infer<typeof keySumSchema>;

export const NO_KEYS: KeySum = { count: 0, sum: '0'.repeat(64) };
const MODULUS = 1n << 256n;

const add = (a: string, b: string): string =>
  ((BigInt(`0x${a}`) + BigInt(`0x${b}`)) % MODULUS).toString(16).padStart(64, '0');

export const addKey = (sum: KeySum, key: string): KeySum => ({
  count: sum.count + 1,
  sum: add(sum.sum, createHash('sha256').update(key).digest('hex')),
});

export const addSums = (a: KeySum, b: KeySum): KeySum => ({ count: a.count + b.count, sum: add(a.sum, b.sum) });

/** The same keys, each as often: two inventories found the same. */
export const isSameSum = (a: KeySum, b: KeySum): boolean => a.count === b.count && a.sum === b.sum;
