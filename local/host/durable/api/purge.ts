import type { DurableHttpAnswer, DurableHttpRequest } from '../../contract.ts';
import { eraseInstance } from '../engine/lifecycle.ts';
import { endedStatuses, hasEnded } from '../store/instances.ts';
import { json, notFound, refusal } from './answers.ts';
import { type ApiParts, statuses, time } from './request.ts';

/** `DELETE /instances/{instanceId}`: only an instance that has ended is purged. */
export function purge(api: ApiParts, _: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  const { store } = api.hub;
  const instance = store.instances.find(id);
  if (!instance) return notFound;
  if (!hasEnded(instance.status)) return json(200, { instancesDeleted: 0 });
  store.transaction(() => eraseInstance(store, id));
  return json(200, { instancesDeleted: 1 });
}

/** `DELETE /instances?createdTimeFrom=…`: those that have ended, narrowed by the filters of the list. */
export function purgeAll(api: ApiParts, { query }: DurableHttpRequest): DurableHttpAnswer {
  const createdFrom = time(query, 'createdTimeFrom');
  if (createdFrom === undefined) return refusal(400, "Please provide value for 'createdTimeFrom' parameter.");
  const wanted = statuses(query);
  const ended = endedStatuses.filter((status) => wanted.length === 0 || wanted.includes(status));
  if (ended.length === 0) return notFound;
  const createdTo = time(query, 'createdTimeTo') ?? api.hub.now();
  const { store } = api.hub;
  const filter = { afterNumber: 0, limit: -1, createdFrom, createdTo, statuses: ended, idPrefix: '' };
  const purged = store.transaction(() => {
    const found = store.instances.list(filter);
    for (const { instanceId } of found) eraseInstance(store, instanceId);
    return found.length;
  });
  return purged === 0 ? notFound : json(200, { instancesDeleted: purged });
}
