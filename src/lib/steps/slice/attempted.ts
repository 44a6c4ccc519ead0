import type { AttemptLine } from '../../domain/ledger.ts';

/** Answers for a few items; or a deletion that goes on, and where its end is told; or the time at which to ask again. */
export type Attempted =
  | { readonly kind: 'answered'; readonly lines: readonly AttemptLine[] }
  | { readonly kind: 'begun'; readonly pollUrl: string; readonly until: Date }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string };
