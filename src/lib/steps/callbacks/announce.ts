import type { QueueStore } from '../../store/queues.ts';
import type { Announce } from '../../store/records.ts';
import { CALLBACKS_QUEUE } from '../queue-names.ts';

/** By then the change is written, as a rule: until it is, there is nothing to tell. */
const AHEAD_SECONDS = 2;

/**
 * Sends one message for each URL before a change of state or a notice is written: whatever ends this process, a change that was written is told. One
 * that was not, isn't: who delivers looks for it in the record.
 */
export const announcer =
  (queues: QueueStore): Announce =>
  async ({ requestId, submission, changes }) => {
    const seq = changes?.at(-1)?.seq;
    if (seq === undefined) return;
    const places = (submission.callbackUrls ?? []).map((_, place) => place);
    await Promise.all(
      places.map((url) =>
        queues.send(CALLBACKS_QUEUE, { v: 1, requestId, seq, url, attempt: 1 }, { delaySeconds: AHEAD_SECONDS }),
      ),
    );
  };
