/** Whether something stands against a call that takes along what lies within its item. */
export type Remains =
  | { readonly kind: 'none' }
  | { readonly kind: 'drift' | 'refused'; readonly reason: string }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string };
