import type { FaultRule } from '../../local/simulator/faults/rules.ts';
import type { Random } from '../../local/simulator/seeded.ts';
import type { Interference, Passing } from '../../test/end-to-end/support/proxy.ts';
import type { Action } from '../actions.ts';
import type { Place, PutOn } from '../fault.ts';

/** Puts rules on the simulator; they are aimed at what the request is about unless they say otherwise. */
export const putRules = (place: Place, ...rules: readonly FaultRule[]): PutOn =>
  putAnywhere(place, ...rules.map((rule) => ({ ...rule, match: { ...place.scene.calls, ...rule.match } })));

/** Puts rules on the simulator that say themselves what they are aimed at. */
export function putAnywhere({ lane }: Place, ...rules: readonly FaultRule[]): PutOn {
  const { faults } = lane.stage.simulator;
  const before = faults.list().length;
  faults.add(...rules);
  const own = faults.list().slice(before);
  return { struck: () => own.reduce((sum, { harmed }) => sum + harmed, 0) };
}

/** Some of the calls, which ones is drawn: one in a few, a few times. A cluster takes few calls. */
export function nowAndThen(random: Random, action: Action): Pick<FaultRule, 'everyNth' | 'after' | 'times'> {
  const few = action === 'ml-cluster';
  return {
    after: few ? 0 : random.integer(0, 6),
    everyNth: few ? 2 : random.integer(3, 7),
    times: random.integer(2, 6),
  };
}

/** Puts on what counts how often it strikes. */
export function putOnPassage({ lane }: Place, make: (struck: () => void) => Interference): PutOn {
  let count = 0;
  const struck = (): void => {
    count += 1;
  };
  lane.passage.put(make(struck));
  return { struck: () => count };
}

export interface Often {
  /** Times at most. */
  readonly most: number;
  /** Requests that pass first, and between two strikes, at most: how many is drawn. */
  readonly after: number;
  readonly everyNth: number;
}

/** Says of each request whether it is struck: of those that qualify one in so many, so many times at most. */
export function drawn(random: Random, often: Often, qualifies: (passing: Passing) => boolean) {
  const after = random.integer(0, often.after);
  const everyNth = random.integer(Math.min(2, often.everyNth), often.everyNth);
  let seen = 0;
  let taken = 0;
  return (passing: Passing): boolean => {
    if (taken >= often.most || !qualifies(passing)) return false;
    seen += 1;
    if (seen <= after || (seen - after) % everyNth !== 0) return false;
    taken += 1;
    return true;
  };
}
