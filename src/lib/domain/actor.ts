/** Who acts: a function key with its name (local mode), or the application or person that a token stands for. */
export interface Actor {
  /** The operator's name for the key; `unnamed` without one. `app:{client id}` or `user:{digest}` for tokens: never a person's name. */
  readonly name: string;
  readonly named: boolean;
  /** Follows from key or identity, and tells callers without a name apart. It can't be turned back into the key. */
  readonly fingerprint: string;
  /** The application through which a person calls, where that isn't the actor itself. */
  readonly client?: string;
}

/** The actor by itself, whatever it calls through. */
export const callerOf = (actor: Actor): string => (actor.named ? actor.name : actor.fingerprint);

/** What requests and idempotency keys belong to. */
export const clientOf = (actor: Actor): string => actor.client ?? callerOf(actor);

/**
 * Whether this caller is the one that submitted: by name, or by the very key, whatever it was called then. An application has submitted what
 * any person submitted through it.
 */
export const isSubmitter = (actor: Actor, by: { submittedBy: string; client: string }): boolean =>
  (actor.named && actor.name === by.submittedBy) || actor.fingerprint === by.client;
