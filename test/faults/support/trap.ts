import type { Interference, Passing } from '../../end-to-end/support/proxy.ts';
import { pointOf } from './point-name.ts';

/** Before the side effect, or after it and before the app learns of it. */
export const MOMENTS = ['before', 'after'] as const;
type Moment = (typeof MOMENTS)[number];

/** Where something is killed. */
export interface Strike {
  readonly point: string;
  readonly moment: Moment;
}

/** Kills what works for the app, once for each kind of request that it is armed for, when such a request comes by. */
export class Trap {
  /** Kinds of side effects that came by, in the order of their first coming. */
  readonly seen = new Set<string>();
  #armed: Strike[] = [];
  #kill: () => void = () => undefined;

  arm(strikes: readonly Strike[], kill: () => void): void {
    this.#armed = [...strikes];
    this.#kill = kill;
  }

  /** Those that nothing came by for. */
  get unsprung(): readonly Strike[] {
    return this.#armed;
  }

  readonly interference: Interference = {
    before: (passing) => this.#look(passing, 'before'),
    after: (passing) => this.#look(passing, 'after'),
  };

  #look(passing: Passing, moment: Moment): 'cut' | 'pass' {
    const point = pointOf(passing);
    if (point === undefined) return 'pass';
    this.seen.add(point);
    const strike = this.#armed.findIndex((armed) => armed.point === point && armed.moment === moment);
    if (strike < 0) return 'pass';
    this.#armed.splice(strike, 1);
    this.#kill();
    return 'cut';
  }
}
