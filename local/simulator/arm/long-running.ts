import { type Answer, jsonAnswer } from '../http/message.ts';
import { ownOrigin } from '../http/paging.ts';
import { Refusal } from '../http/refusal.ts';
import { pollAfter, pollDeletion, registerDeletion } from '../long-running.ts';
import type { LongRunningOperation } from '../world/learning/model.ts';
import { type ArmPlace, regionOf } from '../world/learning/place.ts';
import { type ArmCall, type ArmOperation, operationsOf } from './call.ts';

const computeVersion = '2017-06-01-preview';
const servicesVersion = '2018-03-01-preview';

/** What is to be removed, as far as its deletion is concerned. */
export interface Deletable {
  /** Id of the operation that deletes it. */
  deleting: string | undefined;
}

/** Registers a deletion; one under way is told again. */
export function startDeletion(call: ArmCall, item: Deletable, finish: () => void): LongRunningOperation {
  const running = item.deleting === undefined ? undefined : call.learning.operations.get(item.deleting);
  return running ?? registerDeletion(call.simulation, finish);
}

/** The recorded answer: `Location` and `Azure-AsyncOperation` are one, without `Retry-After` unless wished, at the older version whatever was asked. */
export function clusterDeletion(call: ArmCall, place: ArmPlace & Deletable, operation: LongRunningOperation): Answer {
  const status = `${locationPath(call, place, 'Microsoft.MachineLearningCompute')}/operationsStatus/${operation.id}?api-version=${computeVersion}`;
  const headers = { Location: status, 'Azure-AsyncOperation': status, ...pollAfter(call) };
  return accepted(place, operation, headers);
}

/** Two different URLs, as published: one tells the status, the other the result. */
export function computeDeletion(
  call: ArmCall,
  place: ArmPlace,
  { item, operation }: { readonly item: Deletable; readonly operation: LongRunningOperation },
): Answer {
  const base = locationPath(call, place, 'Microsoft.MachineLearningServices');
  return accepted(item, operation, {
    Location: `${base}/computeOperationsResults/${operation.id}?api-version=${servicesVersion}`,
    'Azure-AsyncOperation': `${base}/computeOperationsStatus/${operation.id}?api-version=${servicesVersion}`,
  });
}

function accepted(item: Deletable, operation: LongRunningOperation, headers: Readonly<Record<string, string>>): Answer {
  const apply = () => {
    operation.started = true;
    item.deleting = operation.id;
  };
  return { status: 202, headers: { ...headers, 'Content-Length': '0' }, effect: { apply } };
}

function locationPath({ request }: ArmCall, place: ArmPlace, provider: string): string {
  return `${ownOrigin(request)}/subscriptions/${place.subscriptionId}/providers/${provider}/locations/${regionOf(place)}`;
}

const cluster = operationsOf([computeVersion, '2017-08-01-preview']);
const services = operationsOf([servicesVersion]);

/** Polls of deletions. Nothing of them is published; the first is recorded. */
export const longRunningOperations: readonly ArmOperation[] = [
  cluster(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningCompute/locations/{location}/operationsStatus/{operationId}',
    '<GetClusterOperation>',
    (call, { subscriptionId, location, operationId }) => {
      const operation = poll(call, operationId);
      const id = `/subscriptions/${subscriptionId}/locations/${location}/operationStatus/${operation.id}`;
      return jsonAnswer(200, { id, ...statusDocument(operation, 'Deleting') }, pollAfter(call));
    },
  ),
  services(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningServices/locations/{location}/computeOperationsStatus/{operationId}',
    '<GetComputeOperation>',
    (call, { operationId }) => jsonAnswer(200, statusDocument(poll(call, operationId), 'InProgress')),
  ),
  services(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningServices/locations/{location}/computeOperationsResults/{operationId}',
    '<GetComputeOperationResult>',
    (call, { operationId }) => {
      const operation = poll(call, operationId);
      return { status: operation.endTime === undefined ? 202 : 200, headers: { 'Content-Length': '0' } };
    },
  ),
];

function poll({ simulation }: ArmCall, operationId: string): LongRunningOperation {
  const operation = pollDeletion(simulation, operationId);
  if (!operation) throw new Refusal(404, 'NotFound', `The operation '${operationId}' was not found.`);
  return operation;
}

/** `percentComplete` stays 0, `endTime` and `error` come at the end, as recorded. */
function statusDocument({ id, startTime, endTime }: LongRunningOperation, running: string): object {
  return {
    name: id,
    status: endTime === undefined ? running : 'Succeeded',
    startTime: new Date(startTime).toISOString(),
    ...(endTime !== undefined && { endTime: new Date(endTime).toISOString() }),
    percentComplete: 0,
    ...(endTime !== undefined && { error: {} }),
  };
}
