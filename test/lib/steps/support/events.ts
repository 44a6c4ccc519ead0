import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { DecisionOrder } from '../../../../src/lib/domain/orders.ts';
import type { Done } from '../../../../src/lib/domain/run.ts';
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
import { DEPUTY, OFFICER, PORTAL } from './request-stores.ts';

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

/** The run that should be at work looks what comes next; `done`: after that. */
async function work({ deps, requestId, instances }: Happening, done?: Done): Promise<unknown> {
  await startRun(deps, requestId, instances);
  const run = (await deps.records.read(requestId))?.run.n ?? 0;
  return advance(deps, { requestId, run, ...(done && { done }) });
}

const KEY = 'cv-tags/project/tag';
const DRIFTED = 'It holds more than when the plan was made.';

/** What runs, and time, make of a request whose tags are to be erased. */
const RUN_EVENTS = {
  begin: (at) => work(at),
  /** The watchdog comes when the time for a decision is over. */
  expire(at) {
    const clock = { now: () => addSeconds(at.deps.clock.now(), 2 * 86_400) };
    return EVENTS.tick({ ...at, deps: { ...at.deps, clock } });
  },
  /** All is done, and what was to go has changed since it was approved. */
  async drift(at) {
    const place = { requestId: at.requestId, revision: 1, task: 0 };
    await writeResult(at.deps, { ...place, phase: 'inventory' }, [{ line: 'found', key: KEY, parameters: {} }]);
    await writeResult(at.deps, { ...place, phase: 'erase' }, [
      { line: 'attempt', key: KEY, answer: 'drift', reason: DRIFTED },
    ]);
    await writeResult(at.deps, { ...place, phase: 'prove' }, [
      { line: 'item', key: KEY, outcome: 'kept', reason: DRIFTED },
    ]);
    return work(at, { phase: 'prove', stage: 0 });
  },
} as const satisfies Record<string, (at: Happening) => Promise<unknown>>;

/** Everything that can happen to a request, from outside or by its runs. */
export const ALL_EVENTS = { ...EVENTS, ...RUN_EVENTS };
export type AnyEvent = keyof typeof ALL_EVENTS;
export const ALL_EVENT_NAMES: readonly AnyEvent[] = [...EVENT_NAMES, 'begin', 'expire', 'drift'];
