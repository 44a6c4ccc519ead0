/** Who calls: known by the function key alone. */
export interface Actor {
  /** The operator's name for the key; `unnamed` without one. */
  readonly name: string;
  readonly named: boolean;
  /** Follows from the key, and tells callers without a name apart. It can't be turned back into the key. */
  readonly fingerprint: string;
}

/** What a caller's idempotency keys belong to. */
export const clientOf = (actor: Actor): string => (actor.named ? actor.name : actor.fingerprint);

/** Whether this caller is the one that submitted: by name, or by the very key, whatever it was called then. */
export const isSubmitter = (actor: Actor, by: { submittedBy: string; client: string }): boolean =>
  (actor.named && actor.name === by.submittedBy) || actor.fingerprint === by.client;
