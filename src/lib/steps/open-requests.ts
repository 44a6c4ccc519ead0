import type { RequestId } from '../domain/ids.ts';
import { ACTIVE_STATES, type State } from '../domain/lifecycle.ts';
import type { RecordStore } from '../store/records.ts';
import type { WatchPosition } from '../store/watch-position.ts';

const PAGE = 100;
const OPEN_STATES: readonly State[] = [...ACTIVE_STATES, 'awaiting-decision'];

/**
 * Every request that hasn't ended, as far as the index knows it, each with the place in the walk from which it comes first again.
 * @param from where to begin; the walk ends with the last state and doesn't come round.
 */
export async function* openRequests(
  { records }: { readonly records: Pick<RecordStore, 'list'> },
  from: WatchPosition = { state: 'received', done: 0 },
): AsyncGenerator<{ requestId: RequestId; position: WatchPosition }> {
  for (const state of OPEN_STATES.slice(Math.max(0, OPEN_STATES.indexOf(from.state)))) {
    let { continuation, done }: WatchPosition = state === from.state ? from : { state, done: 0 };
    do {
      const at = continuation === undefined ? {} : { continuation };
      const page = await records.list({ state, limit: PAGE, ...at });
      for (const requestId of page.requestIds.slice(done)) {
        yield { requestId, position: { state, ...at, done } };
        done += 1;
      }
      continuation = page.continuation;
      done = 0;
    } while (continuation !== undefined);
  }
}
