import type { FaultRule } from '../../local/simulator/faults/rules.ts';
import type { Random } from '../../local/simulator/seeded.ts';
import type { FinalOutcome } from '../../src/lib/domain/ledger.ts';
import type { Order } from '../../test/end-to-end/support/portal.ts';
import type { Action } from '../actions.ts';

/** A world upstream, a request about part of it, and what must become of that. Made anew for every round. */
export interface Scene {
  readonly action: Action;
  readonly order: Order;
  /** Stable keys of what is asked for, with what becomes of each in a run without faults. */
  readonly expected: ReadonlyMap<string, FinalOutcome>;
  /** SHA-256 of bytes that an export has to hold, by key. */
  readonly digests: ReadonlyMap<string, string>;
  /** Calls about it. */
  readonly calls: NonNullable<FaultRule['match']>;
  /** Keys of all that is there now, whether it was asked for or not. */
  left(): ReadonlySet<string>;
  /** All that the request isn't about, to be compared before and after. `shared`: others change the resource too, and it is left out. */
  rest(shared?: boolean): unknown;
  /** Somebody removes part of what was asked for. */
  vanish(random: Random): void;
  /** Somebody adds to it. */
  appear(random: Random): void;
}
