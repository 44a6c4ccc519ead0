import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import type { Sweeping } from '../../../../src/lib/steps/sweeps/sweep.ts';

/** The process ended here. */
export class Crash extends Error {
  constructor() {
    super('The process ended.');
    this.name = 'Crash';
  }
}

export interface Crashing<D extends Dependencies = Dependencies> {
  readonly deps: D;
  /** Calls to stores, queues and upstream so far. */
  readonly calls: number;
}

/** `before`: the call isn't made any more. `after`: it is carried out, but nobody hears of it. */
export type Moment = 'before' | 'after';

const STORES = [
  'records',
  'slices',
  'rounds',
  'contents',
  'documents',
  'exclusion',
  'holds',
  'queues',
  'upstream',
] as const satisfies readonly (keyof Dependencies)[];
/** What sweeps use besides. */
const SWEEPING = ['files', 'walk', 'history'] as const satisfies readonly (keyof Sweeping)[];

/** Dependencies of a process that ends at its k-th call of a store or of upstream, from 0: that call and all later ones throw. */
export function crashing<D extends Dependencies>(deps: D, k: number, moment: Moment = 'before'): Crashing<D> {
  const state = { calls: 0 };
  const enter = (): boolean => {
    const call = state.calls;
    state.calls += 1;
    if (call > k || (call === k && moment === 'before')) throw new Crash();
    return call === k;
  };
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          const last = enter();
          const result: unknown = Reflect.apply(value, target, given);
          if (!last) return result;
          if (!(result instanceof Promise)) throw new Crash();
          return result.then(() => Promise.reject(new Crash()));
        };
      },
    });
  const wrapped = { ...deps };
  for (const name of [...STORES, ...SWEEPING]) {
    const store: unknown = Reflect.get(deps, name);
    if (store !== null && typeof store === 'object') Object.assign(wrapped, { [name]: wrap(store) });
  }
  return {
    deps: wrapped,
    get calls() {
      return state.calls;
    },
  };
}
