import { secondsBetween } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { State } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';
import { openRequests } from '../open-requests.ts';
import { readTasks, revisionOf } from '../tasks.ts';

type Reads = Pick<Dependencies, 'records' | 'documents' | 'rounds' | 'clock' | 'telemetry'>;

const READS_AT_A_TIME = 8;

/**
 * Tells how much work is open and how old the oldest open request is; where nobody listens it reads nothing. What isn't looked through by
 * `until` isn't told at all: half a sum would look like the whole.
 */
export async function tellOpenWork(deps: Reads, until: Date): Promise<void> {
  if (!deps.telemetry.listens) return;
  const now = deps.clock.now();
  let requests = 0;
  let slices = 0;
  let oldest = now;
  for await (const { requestId, position } of openRequests(deps)) {
    if (deps.clock.now() >= until) return;
    const work = await workOf(deps, requestId, position.state);
    if (!work) continue;
    requests += 1;
    slices += work.slices;
    if (work.since < oldest) oldest = work.since;
  }
  deps.telemetry.gauge('dsr.requests.open', requests);
  deps.telemetry.gauge('dsr.requests.oldest.age', secondsBetween(oldest, now));
  deps.telemetry.gauge('dsr.slices.open', slices);
}

interface OpenWork {
  readonly since: Date;
  readonly slices: number;
}

/** Undefined where the list lagged behind: one that has moved on is met in its own state, or has ended. */
async function workOf(deps: Reads, requestId: RequestId, state: State): Promise<OpenWork | undefined> {
  try {
    const record = await deps.records.read(requestId);
    if (record?.state !== state) return undefined;
    return { since: new Date(record.submittedAt), slices: await openSlices(deps, record) };
  } catch {
    // The watchdog has told of it by its id. It is open, and must not keep all others from being told.
    return { since: deps.clock.now(), slices: 0 };
  }
}

/** As the rounds last saw them: at least so many, since a round looks no further than it can send. */
async function openSlices({ documents, rounds }: Reads, record: RequestRecord): Promise<number> {
  const { requestId } = record;
  const list = await readTasks({ documents }, requestId, revisionOf(record));
  const open = await inParallel(list?.tasks ?? [], READS_AT_A_TIME, async ({ taskId }) => {
    return (await rounds.readProgress(requestId, taskId))?.open ?? 0;
  });
  return open.reduce((sum, one) => sum + one, 0);
}
