import { secondsBetween } from '../../domain/clock.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { DESTROYS, type SliceHeader, type SliceMessage } from '../../domain/slice.ts';
import type { OpenSlice } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { keptBackBy } from '../holds.ts';
import { settlingReason } from '../slice/settling.ts';
import { openAndClose, type RaiseEvent } from './finish-slice.ts';

/**
 * What one message carries: its slice, then the one which that leaves, and so on, as long as each leaves one alone. So a list that is read
 * page by page takes no round for every slice of it.
 */
export interface Carrier {
  readonly message: SliceMessage;
  readonly raise: RaiseEvent;
  readonly started: Date;
  /** The record as it was last seen, at most some seconds ago once `wanted` was asked. */
  record(): RequestRecord;
  /** Whether the request still wants this to go on: not cancelled or held meanwhile, and no other run works on it. Asks seldom. */
  wanted(): Promise<boolean>;
}

/** A slice that the message goes on with; its attempt is counted. */
export interface Link {
  readonly message: SliceMessage;
  readonly opened: OpenSlice;
}

/** Seconds between two looks at the record while a message is worked on: a cancellation stops it that soon. */
const LOOK_SECONDS = 3;

/** @param begin the message, and the record as it was just read. */
export function carrierOf(
  deps: Dependencies,
  begin: { message: SliceMessage; record: RequestRecord; raise: RaiseEvent },
): Carrier {
  const { message, raise } = begin;
  const started = deps.clock.now();
  const seen = { record: begin.record, at: started, wanted: true };
  const look = async (now: Date): Promise<boolean> => {
    const record = await deps.records.read(message.requestId);
    if (!record || record.run.n !== message.run || record.run.ended) return false;
    seen.record = record;
    return settlingReason(record, now) === undefined && (await keptBackBy(deps, record)).length === 0;
  };
  return {
    message,
    raise,
    started,
    record: () => seen.record,
    async wanted() {
      const now = deps.clock.now();
      if (secondsBetween(seen.at, now) < LOOK_SECONDS) return seen.wanted;
      seen.at = now;
      seen.wanted = await look(now);
      return seen.wanted;
    },
  };
}

/**
 * After a result is committed: what it leaves is opened, and the slice is closed. A single slice that it leaves is opened as begun, and is
 * what the message goes on with; undefined where the round has to go on.
 */
export async function leave(
  deps: Dependencies,
  carrier: Carrier,
  { message, header }: { message: SliceMessage; header: SliceHeader },
): Promise<Link | undefined> {
  const [child] = header.children;
  if (child === undefined || !(await goesOn(deps, carrier, header))) {
    await openAndClose(deps, { message, header });
    return undefined;
  }
  const { requestId, taskId, run } = message;
  const startedAt = deps.clock.now().toISOString();
  const carried = { run, by: carrier.message.sliceId, since: startedAt };
  const facts = { attempts: 1, startedAt, carried };
  const etag = await deps.slices.open(requestId, taskId, { ...child, facts });
  await deps.slices.close(message);
  // One that is there already is somebody else's, who has the same message.
  if (etag === undefined) return undefined;
  return { message: { ...message, sliceId: child.sliceId }, opened: { work: child.work, facts, etag } };
}

/** What deletes upstream is never carried: it reads record and holds anew. */
async function goesOn(deps: Dependencies, carrier: Carrier, { children }: SliceHeader): Promise<boolean> {
  const [child] = children;
  if (child === undefined || children.length > 1 || child.notBefore !== undefined) return false;
  if (DESTROYS.includes(child.work.kind)) return false;
  return secondsBetween(carrier.started, deps.clock.now()) < deps.limits.carrySeconds && (await carrier.wanted());
}
