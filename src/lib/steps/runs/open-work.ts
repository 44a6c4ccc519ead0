import { secondsBetween } from '../../domain/clock.ts';
import { ACTIVE_STATES } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';
import { readTasks, revisionOf } from '../tasks.ts';

type Reads = Pick<Dependencies, 'records' | 'documents' | 'rounds' | 'clock' | 'telemetry'>;

const PAGE = 100;
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
  for await (const record of openRequests(deps)) {
    if (deps.clock.now() >= until) return;
    requests += 1;
    slices += await openSlices(deps, record);
    const since = new Date(record.submittedAt);
    if (since < oldest) oldest = since;
  }
  deps.telemetry.gauge('dsr.requests.open', requests);
  deps.telemetry.gauge('dsr.requests.oldest.age', secondsBetween(oldest, now));
  deps.telemetry.gauge('dsr.slices.open', slices);
}

async function* openRequests({ records }: Reads): AsyncGenerator<RequestRecord> {
  for (const state of [...ACTIVE_STATES, 'awaiting-decision' as const]) {
    let continuation: string | undefined;
    do {
      const page = await records.list({ state, limit: PAGE, ...(continuation !== undefined && { continuation }) });
      for (const requestId of page.requestIds) {
        const record = await records.read(requestId);
        // The list lags behind: one that has moved on is met in its own state, or has ended.
        if (record?.state === state) yield record;
      }
      continuation = page.continuation;
    } while (continuation !== undefined);
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
