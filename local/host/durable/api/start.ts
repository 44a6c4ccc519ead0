import type { DurableHttpAnswer, DurableHttpRequest } from '../../contract.ts';
import { newExecutionId, startInstance } from '../engine/lifecycle.ts';
import { json, notFound, refusal, wrongArgument } from './answers.ts';
import { managementUrls } from './links.ts';
import { type ApiParts, baseUrlOf, flag, jsonBody } from './request.ts';

const maximumIdLength = 100;
/** Characters that Azure Storage's keys can't hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const invalidInId = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

interface Start {
  readonly name: string;
  readonly instanceId: string;
  readonly version: string | null;
  readonly input: string | null;
}

/** `POST /orchestrators/{name}/{instanceId?}` */
export function start(
  api: ApiParts,
  request: DurableHttpRequest,
  [name = '', id = '']: readonly string[],
): DurableHttpAnswer {
  const input = jsonBody(request.body);
  if (input === undefined) return refusal(400, 'Invalid JSON content');
  const instanceId = id === '' ? newExecutionId() : id;
  return startChecked(api, request, { name, instanceId, version: request.query.get('version'), input });
}

function startChecked(api: ApiParts, request: DurableHttpRequest, wanted: Start): DurableHttpAnswer {
  const wrong = wrongStart(api, wanted);
  if (wrong !== undefined) return wrongArgument(wrong);
  const { store } = api.hub;
  const started = store.transaction(() => startInstance(api.hub, { ...wanted, parent: undefined }));
  const status = started ? 'Pending' : (store.instances.find(wanted.instanceId)?.status ?? 'Running');
  // The genuine extension looks first and starts later, so of concurrent starts several are accepted and one takes effect. Here an instance
  // that hasn't run yet is one that was just started: whoever starts it again is told the same, and nothing comes of it.
  if (status !== 'Pending') return refused(status);
  const links = managementUrls(baseUrlOf(request), wanted.instanceId, api.links);
  const { rewindPostUri: _, ...shown } = links;
  return json(202, shown, { location: links.statusQueryGetUri, 'retry-after': '10' });
}

function wrongStart(api: ApiParts, { name, instanceId }: Start): string | undefined {
  if (api.functions()?.hasOrchestrator(name) === false) {
    return `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`;
  }
  if (instanceId.startsWith('@')) return 'Orchestration instance ids must not start with @.';
  if (invalidInId.test(instanceId)) {
    return 'Orchestration instance ids must not contain /, \\, #, ?, or control characters.';
  }
  if (instanceId.length > maximumIdLength) return `Instance ID lengths must not exceed ${maximumIdLength} characters.`;
  return undefined;
}

/** The genuine API lets the framework's exception through: 500, not 409. */
function refused(status: string): DurableHttpAnswer {
  return refusal(500, 'Something went wrong while processing your request', {
    type: 'System.InvalidOperationException',
    message: `An Orchestration instance with the status ${status} already exists.`,
  });
}

/** `POST /instances/{instanceId}/restart`: starts the same orchestrator with the same input, under a new id unless told otherwise. */
export function restart(api: ApiParts, request: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  const instance = api.hub.store.instances.find(id);
  if (!instance)
    return id === '' ? notFound : wrongArgument(`An orchestration with the instanceId ${id} was not found.`);
  const { name, version, input } = instance;
  const instanceId = flag(request.query, 'restartWithNewInstanceId', true) ? newExecutionId() : id;
  return startChecked(api, request, { name, version, input, instanceId });
}
