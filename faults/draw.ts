import { type Random, randomFrom } from '../local/simulator/seeded.ts';
import type { Fault } from './fault.ts';
import type { Drawn } from './round/round.ts';

export interface Draw {
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** Number of the first round, from 1. */
  readonly from: number;
  readonly rounds: number;
}

/** The rounds that a seed gives: each fault comes once in every turn through the table, in an order and on a course that are drawn. */
export function drawRounds({ seed, faults, from, rounds }: Draw): Drawn[] {
  if (faults.length === 0) return [];
  return Array.from({ length: rounds }, (_, index) => {
    const number = from + index;
    const turn = Math.floor((number - 1) / faults.length);
    const fault = shuffled(faults, randomFrom(`${seed}/turn ${turn}`))[(number - 1) % faults.length];
    if (fault === undefined) throw new Error('A turn has as many rounds as there are faults.');
    return { seed, number, fault, action: randomFrom(`${seed}/action ${number}`).pick(fault.actions) };
  });
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const keyed = all.map((one) => ({ one, at: random.next() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
