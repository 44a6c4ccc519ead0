import type { ReadBack } from '../../plan/finals.ts';

/** Whether items are gone, by key; or the time at which to ask again; or why it can't be told. */
export type LookedAt =
  | { readonly kind: 'seen'; readonly items: ReadonlyMap<string, ReadBack> }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'unprovable'; readonly reason: string };
