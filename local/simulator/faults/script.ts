import type { z } from 'zod';
import { type Fault, type FaultRule, faultRuleSchema } from './rules.ts';

export interface FaultTarget {
  readonly method: string;
  readonly host: string;
  readonly operation: string;
  readonly pathAndQuery: string;
}

/** The faults that are to happen, in the order in which they were added; the first rule that harms a call wins. */
export interface FaultScript {
  /** Adds a rule. Throws a ZodError on a bad one. */
  add(...rules: FaultRule[]): void;
  clear(): void;
  /** Each rule with the calls it matched and harmed so far. */
  list(): readonly RuleState[];
  /** The rule whose fault harms this call; counts it. */
  next(target: FaultTarget): Strike | undefined;
}

export interface Strike {
  readonly fault: Fault;
  /** The fault found nothing to harm in this call: it isn't counted, and strikes another. */
  missed(): void;
}

export interface RuleState {
  readonly rule: z.output<typeof faultRuleSchema>;
  matched: number;
  harmed: number;
}

/** An empty script. */
export function faultScript(): FaultScript {
  let states: RuleState[] = [];
  return {
    add: (...rules) => {
      for (const rule of rules) states.push({ rule: faultRuleSchema.parse(rule), matched: 0, harmed: 0 });
    },
    clear: () => {
      states = [];
    },
    list: () => states,
    next: (target) => {
      const state = states.find((one) => matches(one, target) && strikes(one));
      return state && strikeOf(state);
    },
  };
}

const strikeOf = (state: RuleState): Strike => ({
  fault: state.rule.fault,
  missed: () => {
    state.harmed -= 1;
  },
});

function matches({ rule: { match } }: RuleState, target: FaultTarget): boolean {
  const equal = (wanted: string | undefined, actual: string) =>
    wanted === undefined || wanted.toLowerCase() === actual.toLowerCase();
  const path = match.pathPattern === undefined || new RegExp(match.pathPattern, 'i').test(target.pathAndQuery);
  return (
    path &&
    equal(match.method, target.method) &&
    equal(match.host, target.host) &&
    equal(match.operation, target.operation)
  );
}

/** Counts a match and says whether it is one that goes wrong. */
function strikes(state: RuleState): boolean {
  const { after, everyNth, times } = state.rule;
  state.matched += 1;
  if (state.matched <= after || (state.matched - after) % everyNth !== 0) return false;
  if (times !== undefined && state.harmed >= times) return false;
  state.harmed += 1;
  return true;
}
