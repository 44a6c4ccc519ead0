import type { DurableHttpAnswer, DurableHttpRequest } from '../../contract.ts';
import { hasEnded, type Instance } from '../store/instances.ts';
import { json, notFound } from './answers.ts';
import { historyView } from './history-view.ts';
import { webhookPath } from './links.ts';
import { type ApiParts, baseUrlOf, flag, statuses, time } from './request.ts';

/** The extension's own page size. */
const defaultPageSize = 100;
const continuationHeader = 'x-ms-continuation-token';

/** `GET /instances/{instanceId}` */
export function status(api: ApiParts, request: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  const { query, path } = request;
  const instance = api.hub.store.instances.find(id);
  if (!instance) return notFound;
  const shown = { showInput: flag(query, 'showInput', true), showOutput: flag(query, 'showHistoryOutput', false) };
  const history = flag(query, 'showHistory', false)
    ? { historyEvents: historyView(api.hub.store.history.read(id, instance.executionId), shown) }
    : {};
  const body = { ...view(instance, shown.showInput), ...history };
  if (!hasEnded(instance.status)) {
    const location = `${baseUrlOf(request)}${webhookPath}${path}?${query}`;
    return json(202, body, { location, 'retry-after': '5' });
  }
  const failed = instance.status === 'Failed' && flag(query, 'returnInternalServerErrorOnFailure', false);
  return json(failed ? 500 : 200, body);
}

/** `GET /instances`: a page of instances in the order of their start, with a token in a header while there are more. */
export function list(api: ApiParts, { query, headers }: DurableHttpRequest): DurableHttpAnswer {
  const top = Number.parseInt(query.get('top') ?? '', 10);
  const pageSize = top > 0 ? top : defaultPageSize;
  const found = api.hub.store.instances.list({
    afterNumber: readToken(headers[continuationHeader]),
    limit: pageSize + 1,
    createdFrom: time(query, 'createdTimeFrom') ?? 0,
    createdTo: time(query, 'createdTimeTo') ?? Number.MAX_SAFE_INTEGER,
    statuses: statuses(query),
    idPrefix: query.get('instanceIdPrefix') ?? '',
  });
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  const token = found.length > pageSize && last ? writeToken(last.number) : '';
  const showInput = flag(query, 'showInput', true);
  return json(
    200,
    page.map((instance) => view(instance, showInput)),
    { [continuationHeader]: token },
  );
}

function view(instance: Instance, showInput: boolean) {
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: showInput ? parsed(instance.input) : null,
    customStatus: parsed(instance.customStatus),
    output: parsed(instance.output),
    createdTime: seconds(instance.createdAt),
    lastUpdatedTime: seconds(instance.updatedAt),
  };
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

/** The API shows times to the second. */
function seconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function writeToken(number: number): string {
  return Buffer.from(JSON.stringify({ after: number })).toString('base64url');
}

/** The number to go on after; 0, the start, for a token that isn't ours. */
function readToken(token: string | undefined): number {
  const [, digits = '0'] = /^\{"after":(\d{1,15})\}$/.exec(Buffer.from(token ?? '', 'base64url').toString()) ?? [];
  return Number(digits);
}
