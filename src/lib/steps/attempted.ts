import type { AttemptLine } from '../domain/ledger.ts';

/** Answers for a few items, or the time at which to ask again. */
export type Attempted =
  | { readonly kind: 'answered'; readonly lines: readonly AttemptLine[] }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string };
