import { type RequestId, runInstanceId } from '../../domain/ids.ts';
import { isActive, isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack, release } from '../holds.ts';
import { cutShort, deathsOf } from './run-deaths.ts';

/** What the durable client tells of an instance. `ended` whatever way. */
export type InstanceStatus = 'alive' | 'ended' | 'missing';

/** The part of the durable client that runs need. */
export interface Instances {
  status(instanceId: string): Promise<InstanceStatus>;
  /** Starts the orchestrator; an instance of that id that exists already is success. */
  start(instanceId: string, input: { requestId: RequestId; run: number }): Promise<void>;
}

export type Started = 'started' | 'alive' | 'not-due' | 'held' | 'unknown';

/**
 * Looks at a request and starts its next run if it should have one: claims run n in the record first, then starts `{requestId}.{n}`. May
 * be called at any time, any number of times.
 */
export async function startRun(deps: Dependencies, requestId: RequestId, instances: Instances): Promise<Started> {
  const seen = await deps.records.read(requestId);
  if (!seen) return 'unknown';
  if (isEnded(seen.state)) return 'not-due';
  if (await holdBack(deps, seen)) return 'held';
  const record = await release(deps, seen);
  if (!isActive(record.state)) return 'not-due';
  if (record.run.n > 0 && !record.run.ended) {
    const status = await instances.status(runInstanceId(requestId, record.run.n));
    if (status === 'alive') return 'alive';
    // Claimed, and whoever claimed it died before the start.
    if (status === 'missing') return startClaimed(instances, record);
    return startAfterDeath(deps, record, instances);
  }
  return startNext(deps, { seen: record }, instances);
}

/** The run began and died. So many in a row bring the request closer to its end. */
async function startAfterDeath(deps: Dependencies, record: RequestRecord, instances: Instances): Promise<Started> {
  const deaths = await deathsOf(deps, record);
  if (deaths.count < deps.limits.runAttempts) return startNext(deps, { seen: record, deaths }, instances);
  await cutShort(deps, record, deaths);
  const after = await deps.records.read(record.requestId);
  return after && isActive(after.state) ? startNext(deps, { seen: after }, instances) : 'not-due';
}

/** A record as it was seen, and the deaths after which its next run comes. */
interface Before {
  readonly seen: RequestRecord;
  readonly deaths?: RequestRecord['run']['deaths'];
}

async function startNext(deps: Dependencies, before: Before, instances: Instances): Promise<Started> {
  const claimed = await claim(deps, before);
  return claimed ? startClaimed(instances, claimed) : 'alive';
}

async function startClaimed(instances: Instances, record: RequestRecord): Promise<Started> {
  const { requestId, run } = record;
  await instances.start(runInstanceId(requestId, run.n), { requestId, run: run.n });
  return 'started';
}

async function claim(deps: Dependencies, { seen, deaths }: Before): Promise<RequestRecord | undefined> {
  const at = deps.clock.now();
  const result = await deps.records.change(seen.requestId, (record) => {
    if (record.run.n !== seen.run.n || record.run.ended !== seen.run.ended || record.state !== seen.state)
      return undefined;
    const { waitingFor: _, ...rest } = record;
    const n = record.run.n + 1;
    return note(rest, 'run-claimed', {
      at,
      actor: SYSTEM,
      reason: `Run ${n}.`,
      patch: { run: { n, ended: false, claimedAt: at.toISOString(), ...(deaths && { deaths }) } },
    });
  });
  return result.kind === 'changed' ? result.record : undefined;
}
