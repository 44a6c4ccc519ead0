import { assetDocument } from '../experiments/documents.ts';
import { deletion, hostingList } from '../hosting/call.ts';
import { type Answer, jsonAnswer, queryValue } from '../http/message.ts';
import { ownOrigin } from '../http/paging.ts';
import { Refusal } from '../http/refusal.ts';
import { pollAfter, pollDeletion, registerDeletion } from '../long-running.ts';
import { registryOperation as operation, type SuccessorCall, type SuccessorOperation } from './call.ts';
import { successorImage, successorModel, successorService } from './documents.ts';

/** Models, images, services and assets of 2019-09-30. Images have no operations in its file: theirs follow their sisters'. */
export const successorRegistryOperations: readonly SuccessorOperation[] = [
  operation('GET /modelmanagement/models', 'MLModels_ListQuery', (call) => {
    const found = wanted(call, call.registry.models.values(), ['name', 'runId']);
    return hostingList(call, found, (model) => successorModel(call, model));
  }),
  operation('GET /modelmanagement/models/{id}', 'MLModels_QueryById', (call, { id }) =>
    jsonAnswer(200, successorModel(call, itemOf(call.registry.models, id))),
  ),
  operation('DELETE /modelmanagement/models/{id}', 'MLModels_Delete', (call, { id }) =>
    deletion(call.registry.models, id, ({ file, asset }) => asset === undefined && call.learning.files.delete(file)),
  ),
  operation('GET /modelmanagement/images', '<ListSuccessorImages>', (call) =>
    hostingList(call, wanted(call, call.registry.images.values(), ['name']), (image) => successorImage(call, image)),
  ),
  operation('GET /modelmanagement/images/{id}', '<GetSuccessorImage>', (call, { id }) =>
    jsonAnswer(200, successorImage(call, itemOf(call.registry.images, id))),
  ),
  operation('DELETE /modelmanagement/images/{id}', '<DeleteSuccessorImage>', (call, { id }) =>
    deletion(call.registry.images, id),
  ),
  operation('GET /modelmanagement/services', 'Services_ListQuery', (call) => {
    const found = wanted(call, call.registry.services.values(), ['name', 'imageId']);
    return hostingList(call, found, (service) => successorService(call, service));
  }),
  operation('GET /modelmanagement/services/{id}', 'Services_QueryById', (call, { id }) =>
    jsonAnswer(200, successorService(call, itemOf(call.registry.services, id))),
  ),
  operation('DELETE /modelmanagement/services/{id}', 'Services_Delete', deleteService),
  operation('GET /modelmanagement/operations/{id}', 'Operations_Get', (call, { id }) => getOperation(call, id)),
  operation('GET /modelmanagement/assets', 'Assets_ListQuery', (call) =>
    hostingList(call, wanted(call, call.history.assets.values(), ['name', 'runId']), assetDocument),
  ),
  operation('GET /modelmanagement/assets/{id}', 'Assets_QueryById', (call, { id }) =>
    jsonAnswer(200, assetDocument(itemOf(call.history.assets, id))),
  ),
  operation('DELETE /modelmanagement/assets/{id}', 'Assets_Delete', (call, { id }) =>
    deletion(call.history.assets, id),
  ),
];

/** 200, or 202 with `Operation-Location` (endpoints.md, row 4), as the world says. */
function deleteService(call: SuccessorCall, { id }: { readonly id: string }): Answer {
  const { services } = call.registry;
  const service = services.get(id);
  if (!service || call.behaviour.successorServiceDeletion === 'done') return deletion(services, id);
  const operationOfIt = registerDeletion(call.simulation, () => services.delete(id));
  const location = `${ownOrigin(call.request)}/modelmanagement/v1.0${call.workspacePath}/operations/${operationOfIt.id}`;
  const apply = () => {
    operationOfIt.started = true;
  };
  return {
    status: 202,
    headers: { 'Operation-Location': location, ...pollAfter(call), 'Content-Length': '0' },
    effect: { apply },
  };
}

function getOperation(call: SuccessorCall, id: string): Answer {
  const found = pollDeletion(call.simulation, id);
  if (!found) throw new Refusal(404, 'OperationNotFound', `The operation ${id} was not found.`);
  const { endTime } = found;
  const body = {
    id: found.id,
    operationType: 'Service',
    state: endTime === undefined ? 'Running' : 'Succeeded',
    createdTime: new Date(found.startTime).toISOString(),
    ...(endTime !== undefined && { endTime: new Date(endTime).toISOString() }),
    error: null,
    resourceLocation: null,
  };
  return jsonAnswer(200, body, pollAfter(call));
}

/** The items whose members equal the query options of the same names, where given. */
function wanted<Item extends object>(call: SuccessorCall, items: Iterable<Item>, names: readonly string[]): Item[] {
  const filters = names.flatMap((name) => {
    const value = queryValue(call.request, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return [...items].filter((item) => {
    const members = new Map<string, unknown>(Object.entries(item));
    return filters.every(([name, value]) => members.get(name) === value);
  });
}

function itemOf<Item>(items: ReadonlyMap<string, Item>, id: string): Item {
  const item = items.get(id);
  if (!item) throw new Refusal(404, 'NotFound', `No item has the id ${id}.`);
  return item;
}
