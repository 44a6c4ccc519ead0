import type { Answer, SimulatedRequest } from '../http/message.ts';
import { jsonAnswer, queryValue } from '../http/message.ts';
import { type Operation, operationsOn } from '../http/operation.ts';
import { ownUrlWith, type Placed, pageOf, wishedSize } from '../http/paging.ts';
import { Refusal } from '../http/refusal.ts';
import type { LinkMaker } from '../storage/links.ts';
import type { LearningWorld } from '../world/learning/model.ts';
import type { Run, RunHistory } from '../world/learning/run-history.ts';
import type { Behaviour } from '../world/model.ts';

/** A call that reached the run history of a project, or of a workspace of the successor. */
export interface HistoryCall {
  readonly request: SimulatedRequest;
  readonly learning: LearningWorld;
  readonly behaviour: Behaviour;
  readonly links: LinkMaker;
  readonly history: RunHistory;
}

/** One operation; routes begin after the project or workspace, with the name of the service before: `GET history/runs`. */
export type HistoryOperation = Operation<HistoryCall>;

/** Writes down one operation on run history or artifacts. */
export const operation = operationsOn<HistoryCall>();

/** A page `{value, continuationToken, nextLink}`; which of the two leads on is a choice of the world, null is what isn't given. */
export function historyList<Item extends Placed>(
  call: HistoryCall,
  items: Iterable<Item>,
  document: (item: Item) => object,
): Answer {
  const { request, behaviour } = call;
  const token = tokenNames.map((name) => queryValue(request, name)).find((sent) => sent !== undefined);
  const page = pageOf(items, wishedSize(request, '$top', behaviour.pageSize), token);
  const next = page.token;
  const link = next !== undefined && behaviour.continuation !== 'token';
  return jsonAnswer(200, {
    value: page.items.map(document),
    continuationToken: next !== undefined && behaviour.continuation !== 'link' ? next : null,
    nextLink: link ? ownUrlWith(request, tokenNameOf(request), next) : null,
  });
}

const tokenNames = ['continuationToken', '$continuationtoken', '$skipToken'];

/** Run history, artifacts and assets each spell the option in their own way (specs of 2019); all spellings are taken. */
function tokenNameOf({ path }: SimulatedRequest): string {
  if (/assets/i.test(path)) return '$skipToken';
  return /artifacts/i.test(path) ? 'continuationToken' : '$continuationtoken';
}

/** The run of a path. Throws 404. */
export function runOf({ history }: HistoryCall, { runId }: { readonly runId: string }): Run {
  const run = history.runs.get(runId);
  if (!run) throw new Refusal(404, 'NotFound', `Run ${runId} was not found.`);
  return run;
}
