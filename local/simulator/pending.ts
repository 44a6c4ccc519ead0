import type { Effect } from './http/message.ts';

/** Changes that were answered but haven't happened yet. */
export interface PendingEffects {
  /** Applies the change at once, or keeps it until its time has come. */
  take(effect: Effect): void;
  /** Counts one call and applies what is due. `now` in milliseconds. */
  tick(now: number): void;
  readonly size: number;
}

/** No change pending. */
export function pendingEffects(): PendingEffects {
  let waiting: { readonly effect: Effect; callsLeft: number }[] = [];
  return {
    take: (effect) => {
      if (effect.afterCalls === undefined && effect.notBefore === undefined) effect.apply();
      else waiting.push({ effect, callsLeft: effect.afterCalls ?? 0 });
    },
    tick: (now) => {
      const due = waiting.filter((entry) => entry.callsLeft <= 0 && (entry.effect.notBefore ?? 0) <= now);
      waiting = waiting.filter((entry) => !due.includes(entry));
      for (const entry of waiting) entry.callsLeft -= 1;
      for (const entry of due) entry.effect.apply();
    },
    get size() {
      return waiting.length;
    },
  };
}
