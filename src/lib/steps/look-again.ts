import type { RequestId } from '../domain/ids.ts';
import type { Dependencies } from './dependencies.ts';
import { REQUESTS_QUEUE } from './queue-names.ts';

/** Sends "look at this request's record". It may come late, twice or for nothing: what is done follows from the record alone. */
export const lookAgain = (deps: Pick<Dependencies, 'queues'>, requestId: RequestId): Promise<void> =>
  deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId });
