/** Ids, names of operations and counts only: nothing of a person ever gets here. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Events that concern no request, or whose request can't be known. Every other line names its request. */
export const BESIDE_REQUESTS = [
  'callback-message-unreadable',
  'caller-refused',
  'hold-lifted',
  'hold-review',
  'hold-set',
  'slice-message-unreadable',
  'sweep',
  'sweep-failed-on-part',
  'watchdog',
] as const;

/** One structured event a line. */
export interface Log {
  (event: (typeof BESIDE_REQUESTS)[number], facts: Facts): void;
  (event: string, facts: Facts & { readonly requestId: string }): void;
}
