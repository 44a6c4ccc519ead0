import { describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { ACTIVE_STATES, type State } from '../../../src/lib/domain/lifecycle.ts';
import { openRequests } from '../../../src/lib/steps/open-requests.ts';
import type { RecordQuery } from '../../../src/lib/store/record-list.ts';
import type { WatchPosition } from '../../../src/lib/store/watch-position.ts';

/** An index of 5 requests in each state that answers with two at a time. */
const OPEN: readonly State[] = [...ACTIVE_STATES, 'awaiting-decision'];
const ids = new Map(OPEN.map((state) => [state, Array.from({ length: 5 }, () => mintRequestId())]));
const records = {
  list: async ({ state = 'received', continuation = '0' }: RecordQuery) => {
    const from = Number(continuation);
    const known = ids.get(state) ?? [];
    const more = from + 2 < known.length && { continuation: String(from + 2) };
    return { requestIds: known.slice(from, from + 2), ...more };
  },
};
const ALL: readonly RequestId[] = [...ids.values()].flat();

async function walk(from?: WatchPosition): Promise<{ requestId: RequestId; position: WatchPosition }[]> {
  const walked = [];
  for await (const one of openRequests({ records }, from)) walked.push(one);
  return walked;
}

describe('The walk over open requests', () => {
  it('comes to each once, and from any place in it to all the rest', async () => {
    const whole = await walk();
    expect(whole.map(({ requestId }) => requestId)).toEqual(ALL);
    for (const [at, { position }] of whole.entries()) {
      const rest = await walk(position);
      expect(rest.map(({ requestId }) => requestId)).toEqual(ALL.slice(at));
    }
  });
});
