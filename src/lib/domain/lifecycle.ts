import { z } from 'zod';

export const STATES = [
  'received',
  'planning',
  'awaiting-decision',
  'running',
  'sealing',
  'completed',
  'partially-completed',
  'failed',
  'cancelled',
  'rejected',
  'expired',
] as const;
export type State = (typeof STATES)[number];
export const stateSchema = z.enum(STATES);

/**
 * What may happen to a request, state by state. `proceed`: nobody has to decide. `drift`: upstream no longer is what was approved. `widen`: the
 * decision names shared things that shall go too.
 * `finish`: nothing more will be done upstream, the account of it is made.
 */
export const MOVES = {
  received: { begin: 'planning', cancel: 'cancelled' },
  planning: { proceed: 'running', ask: 'awaiting-decision', finish: 'sealing' },
  'awaiting-decision': {
    approve: 'running',
    widen: 'planning',
    reject: 'rejected',
    expire: 'expired',
    cancel: 'cancelled',
    finish: 'sealing',
  },
  running: { drift: 'planning', finish: 'sealing' },
  sealing: {
    complete: 'completed',
    'complete-partially': 'partially-completed',
    fail: 'failed',
    'end-cancelled': 'cancelled',
  },
  completed: {},
  'partially-completed': { resume: 'running' },
  failed: {},
  cancelled: {},
  rejected: {},
  expired: {},
} as const satisfies Record<State, Partial<Record<string, State>>>;

type EventsOf<S> = S extends State ? keyof (typeof MOVES)[S] : never;
export type LifecycleEvent = EventsOf<State>;

/** The state after `event`, or undefined where the table has no such move. */
export function nextState(state: State, event: LifecycleEvent): State | undefined {
  const moves: Partial<Record<LifecycleEvent, State>> = MOVES[state];
  return moves[event];
}

/** A run works on the request, or should. */
export const ACTIVE_STATES: readonly State[] = ['received', 'planning', 'running', 'sealing'];
export const isActive = (state: State): boolean => ACTIVE_STATES.includes(state);

/** Nothing happens to the request by itself any more. */
export const isEnded = (state: State): boolean => !isActive(state) && state !== 'awaiting-decision';
