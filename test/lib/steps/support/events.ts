import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { DecisionOrder } from '../../../../src/lib/domain/orders.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { Phase } from '../../../../src/lib/domain/run.ts';
import type { Outcome } from '../../../../src/lib/plan/outcome.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { holdsOn } from '../../../../src/lib/steps/holds.ts';
import { redrive } from '../../../../src/lib/steps/redrive/redrive.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { decide } from '../../../../src/lib/steps/request/decide.ts';
import { extend } from '../../../../src/lib/steps/request/extend.ts';
import { liftHold, setHold } from '../../../../src/lib/steps/request/order-hold.ts';
import { advance } from '../../../../src/lib/steps/runs/advance.ts';
import { type Instances, startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
import { writeResult } from './receipt-world.ts';
import { DEPUTY, OFFICER, PORTAL, SUBMISSION } from './request-stores.ts';

/** A request, and with what something happens to it. */
export interface Happening {
  readonly deps: Dependencies;
  readonly requestId: RequestId;
  readonly instances: Instances;
}

const decision =
  (order: Pick<DecisionOrder, 'decision' | 'include'>, actor = OFFICER) =>
  async ({ deps, requestId }: Happening): Promise<unknown> => {
    const planHash = (await deps.records.read(requestId))?.plan?.hash ?? '';
    return decide(deps, { requestId, order: { ...order, planHash }, actor });
  };

/** Everything that can happen to a request from outside its runs. */
export const EVENTS = {
  start: ({ deps, requestId, instances }) => startRun(deps, requestId, instances),
  approve: decision({ decision: 'approve' }),
  widen: decision({ decision: 'approve', include: ['cv-projects/shared'] }, DEPUTY),
  reject: decision({ decision: 'reject' }),
  cancel: ({ deps, requestId }) => cancel(deps, { requestId, reason: 'It was withdrawn.', actor: PORTAL }),
  hold({ deps, requestId }) {
    const reviewBy = addSeconds(deps.clock.now(), 86_400).toISOString();
    return setHold(
      deps,
      { request: requestId, reason: 'a court asked for it', reviewBy, allowExports: false },
      OFFICER,
    );
  },
  async lift({ deps, requestId }) {
    const record = await deps.records.read(requestId);
    for (const { id } of record ? await holdsOn(deps, record) : [])
      await liftHold(deps, { id, reason: 'it is settled', actor: OFFICER });
  },
  extend: ({ deps, requestId }) => extend(deps, { requestId, reason: 'complex', actor: OFFICER }),
  redrive: ({ deps, requestId }) => redrive(deps, { requestId, order: { reason: 'once more' }, actor: OFFICER }),
  tick({ deps, requestId, instances }) {
    // Of this request alone, whatever its tags say so far.
    const list: Dependencies['records']['list'] = async ({ state }) => {
      const record = await deps.records.read(requestId);
      return { requestIds: record?.state === state ? [requestId] : [] };
    };
    return watch({ ...deps, records: { ...deps.records, list } }, instances, addSeconds(deps.clock.now(), 3600));
  },
} as const satisfies Record<string, (at: Happening) => Promise<unknown>>;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES: readonly EventName[] = [
  'start',
  'approve',
  'widen',
  'reject',
  'cancel',
  'hold',
  'lift',
  'extend',
  'redrive',
  'tick',
];

const KEY = 'cv-tags/project/tag';
const DRIFTED = 'It holds more than when the plan was made.';

/** What is written of the request's one task before its phases are looked at. */
const write = (
  { deps, requestId }: Happening,
  phase: 'inventory' | 'erase' | 'prove',
  line: ResultLine,
): Promise<void> => writeResult(deps, { requestId, revision: 1, task: 0, phase }, [line]);

const find = (at: Happening): Promise<void> => write(at, 'inventory', { line: 'found', key: KEY, parameters: {} });

const ERASING: readonly Phase[] = ['recheck', 'clear', 'erase', 'prove'];

/** The run that should be at work asks what comes next, and once more after each of these phases: what came of them is there already. */
async function work({ deps, requestId, instances }: Happening, through: readonly Phase[] = []): Promise<unknown> {
  await startRun(deps, requestId, instances);
  const run = (await deps.records.read(requestId))?.run.n ?? 0;
  let next = await advance(deps, { requestId, run });
  while (next.kind === 'tasks' && through.includes(next.phase)) {
    const { phase, stage } = next;
    next = await advance(deps, { requestId, run, done: { phase, stage } });
  }
  return next;
}

/** What runs, and time, make of a request whose tags are to be erased. */
const RUN_EVENTS = {
  begin: (at) => work(at),
  /** Nobody has to decide. */
  proceed: (at) => work(at),
  async ask(at) {
    await find(at);
    return work(at, ['inventory']);
  },
  /** The policy that made the request has decided before. */
  async policy(at) {
    await find(at);
    return work(at, ['inventory']);
  },
  nothing: (at) => work(at, ['inventory']),
  /** All is done, and proven. */
  async finish(at) {
    await find(at);
    await write(at, 'prove', { line: 'item', key: KEY, outcome: 'erased', cause: 'observed', proof: 'item-404' });
    return work(at, ERASING);
  },
  /** All is done, and what was to go has changed since it was approved. */
  async drift(at) {
    await find(at);
    await write(at, 'erase', { line: 'attempt', key: KEY, answer: 'drift', reason: DRIFTED });
    await write(at, 'prove', { line: 'item', key: KEY, outcome: 'kept', reason: DRIFTED });
    return work(at, ERASING);
  },
  /** What it begins no more is settled: so it was cancelled, or the operator's patience is over. */
  settle: (at) => work(at, ERASING),
  standDown: (at) => work(at, ERASING),
  /** An activity of an earlier run comes late. */
  stale: ({ deps, requestId }) => advance(deps, { requestId, run: 1, done: { phase: 'prove', stage: 0 } }),
  /** The watchdog comes when the time for a decision is over. */
  expire(at) {
    const clock = { now: () => addSeconds(at.deps.clock.now(), 2 * 86_400) };
    return EVENTS.tick({ ...at, deps: { ...at.deps, clock } });
  },
} as const satisfies Record<string, (at: Happening) => Promise<unknown>>;

/** Everything that can happen to a request, from outside or by its runs. */
export const ALL_EVENTS = { ...EVENTS, ...RUN_EVENTS };
export type AnyEvent = keyof typeof ALL_EVENTS;
const RUN_EVENT_NAMES = [
  'begin',
  'proceed',
  'ask',
  'policy',
  'nothing',
  'finish',
  'drift',
  'settle',
  'standDown',
  'stale',
  'expire',
] as const satisfies readonly (keyof typeof RUN_EVENTS)[];
export const ALL_EVENT_NAMES: readonly AnyEvent[] = [...EVENT_NAMES, ...RUN_EVENT_NAMES];

type Facts = Partial<RequestRecord>;
const ending = (event: Outcome['event']): { readonly sealing: Facts } => ({
  sealing: { outcome: { event, reason: 'That was chosen.' } },
});

/** What is so of a request to which that happens; `sealing`: besides, where it is being sealed. */
export const STANDS: Partial<Record<AnyEvent, { readonly always?: Facts; readonly sealing?: Facts }>> = {
  proceed: { always: { submission: { ...SUBMISSION, families: ['cv-tags'] } } },
  policy: { always: { policy: { name: 'old', before: '2025-01-01T00:00:00.000Z', approval: 'policy' } } },
  finish: ending('complete'),
  settle: {
    always: { cancel: { at: '2026-03-01T11:00:00.000Z', actor: PORTAL.name, reason: 'It was withdrawn.' } },
    ...ending('end-cancelled'),
  },
  standDown: { always: { standDown: 'Its runs died.' }, ...ending('complete-partially') },
};
