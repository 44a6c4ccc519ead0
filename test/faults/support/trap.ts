import type { Interference, Passing } from '../../end-to-end/support/proxy.ts';
import { pointOf } from './point-name.ts';

/** Before the side effect, or after it and before the app learns of it. */
export const MOMENTS = ['before', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Kills what works for the app once, when a request of the armed kind comes by. */
export class Trap {
  /** Kinds of side effects that came by, in the order of their first coming. */
  readonly seen = new Set<string>();
  #armed: { readonly point: string; readonly moment: Moment; readonly kill: () => void } | undefined;
  #sprung = false;

  arm(point: string, moment: Moment, kill: () => void): void {
    this.#armed = { point, moment, kill };
    this.#sprung = false;
  }

  get sprung(): boolean {
    return this.#sprung;
  }

  readonly interference: Interference = {
    before: (passing) => this.#look(passing, 'before'),
    after: (passing) => this.#look(passing, 'after'),
  };

  #look(passing: Passing, moment: Moment): 'cut' | 'pass' {
    const point = pointOf(passing);
    if (point === undefined) return 'pass';
    this.seen.add(point);
    const armed = this.#armed;
    if (this.#sprung || armed?.point !== point || armed.moment !== moment) return 'pass';
    this.#sprung = true;
    armed.kill();
    return 'cut';
  }
}
