import type { Hold } from '../domain/hold.ts';
import { isActive, isEnded, type State } from '../domain/lifecycle.ts';
import type { Owner } from '../domain/owner.ts';
import type { RequestRecord } from '../domain/request.ts';

/** What the watchdog does for a request in that situation. */
export type Care = 'run' | 'decision' | 'review' | 'turn' | 'none';

/** One row: whom a request waits for, which of its moments is the deadline, what happens then, and what the watchdog does until then. */
export interface Wait {
  readonly owner: Owner;
  readonly deadline: 'deadline' | 'decisionDeadline' | 'reviewBy' | 'none';
  readonly afterwards: string;
  readonly care: Care;
}

/** A state, or what goes before it: a hold, another request on the same target, a target that is paused. */
export type Situation = State | 'held' | 'behind another' | 'target paused';

const SETTLES =
  'Nothing more is begun; what was begun is looked at, and the account of it is made. One day later the operator is told.';
const ENDED = { owner: 'nobody', deadline: 'none', afterwards: 'Nothing: it has ended.', care: 'none' } as const;

/** Whom a request waits for, in every situation. docs/LIFECYCLE.md shows the same. */
export const WAITS = {
  received: { owner: 'app', deadline: 'deadline', afterwards: SETTLES, care: 'run' },
  planning: { owner: 'app', deadline: 'deadline', afterwards: SETTLES, care: 'run' },
  'awaiting-decision': {
    owner: 'approver',
    deadline: 'decisionDeadline',
    afterwards: 'It expires; if an earlier revision has changed something upstream, that is accounted for first.',
    care: 'decision',
  },
  running: { owner: 'app', deadline: 'deadline', afterwards: SETTLES, care: 'run' },
  sealing: {
    owner: 'app',
    deadline: 'deadline',
    afterwards: 'It goes on: what was done is accounted for. One day later the operator is told.',
    care: 'run',
  },
  held: {
    owner: 'operator',
    deadline: 'reviewBy',
    afterwards: 'There is a reminder, and one more each week; it goes on waiting until the hold is lifted.',
    care: 'review',
  },
  'behind another': { owner: 'another request', deadline: 'deadline', afterwards: SETTLES, care: 'turn' },
  'target paused': {
    owner: 'upstream',
    deadline: 'deadline',
    afterwards:
      'Its tasks go on when the target is back. What it withholds for longer than patience allows is reported, and so is all the rest at the deadline.',
    care: 'run',
  },
  completed: ENDED,
  'partially-completed': ENDED,
  failed: ENDED,
  cancelled: ENDED,
  rejected: ENDED,
  expired: ENDED,
} as const satisfies Record<Situation, Wait>;

/** What a request waits in now. */
export function situationOf({ state, held, waitingFor, run, paused }: RequestRecord): Situation {
  if (isEnded(state)) return state;
  if (held) return 'held';
  if (waitingFor && run.ended) return 'behind another';
  return isActive(state) && state !== 'sealing' && Object.keys(paused ?? {}).length > 0 ? 'target paused' : state;
}

export interface WaitsFor {
  readonly owner: Owner;
  /** Undefined where there is none, or the hold was lifted in this moment. */
  readonly deadline?: string;
  readonly afterwards: string;
}

/** Whom a request waits for, until when, and what happens then; undefined once it has ended. @param holds those that lie on it. */
export function waitsFor(record: RequestRecord, holds: readonly Hold[]): WaitsFor | undefined {
  const situation = situationOf(record);
  if (isEnded(record.state)) return undefined;
  const { owner, deadline, afterwards } = WAITS[situation];
  const moment = deadline === 'reviewBy' ? firstReview(holds) : deadline === 'none' ? undefined : record[deadline];
  return { owner, ...(moment !== undefined && { deadline: moment }), afterwards };
}

const firstReview = (holds: readonly Hold[]): string | undefined => holds.map(({ reviewBy }) => reviewBy).sort()[0];
