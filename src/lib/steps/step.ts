import type { Next } from '../domain/run.ts';

/** What a look at the record leads to. `again`: the record has moved, look at it once more. */
export type Step = Next | { readonly kind: 'again' };
export const AGAIN: Step = { kind: 'again' };
