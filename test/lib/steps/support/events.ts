import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { holdsOn } from '../../../../src/lib/steps/holds.ts';
import { redrive } from '../../../../src/lib/steps/redrive/redrive.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { decide } from '../../../../src/lib/steps/request/decide.ts';
import { extend } from '../../../../src/lib/steps/request/extend.ts';
import { liftHold, setHold } from '../../../../src/lib/steps/request/order-hold.ts';
import { type Instances, startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
import { OFFICER, PORTAL } from './request-stores.ts';

/** A request, and with what something happens to it. */
export interface Happening {
  readonly deps: Dependencies;
  readonly requestId: RequestId;
  readonly instances: Instances;
}

const decision =
  (what: 'approve' | 'reject') =>
  async ({ deps, requestId }: Happening): Promise<unknown> => {
    const planHash = (await deps.records.read(requestId))?.plan?.hash ?? '';
    return decide(deps, { requestId, order: { decision: what, planHash }, actor: OFFICER });
  };

/** Everything that can happen to a request from outside its runs. */
export const EVENTS = {
  start: ({ deps, requestId, instances }) => startRun(deps, requestId, instances),
  approve: decision('approve'),
  reject: decision('reject'),
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
  'reject',
  'cancel',
  'hold',
  'lift',
  'extend',
  'redrive',
  'tick',
];
