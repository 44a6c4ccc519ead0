import { artifactOf, artifactsIn } from '../experiments/artifacts.ts';
import { type HistoryCall, type HistoryOperation, historyList, operation } from '../experiments/call.ts';
import { artifactDocument, contentDocument } from '../experiments/documents.ts';
import { jsonAnswer, queryValue } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { type Artifact, containerOf } from '../world/learning/run-history.ts';
import { runWithin } from './history.ts';

type RunNames = Parameters<typeof runWithin>[1];

/** Artifacts of a run, in run history of 2019-09-30; the path is a query option here. */
export const runArtifactOperations: readonly HistoryOperation[] = [
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts',
    'RunArtifacts_ListInContainer',
    (call, names) => historyList(call, all(call, names), (artifact) => artifactDocument(call, artifact)),
  ),
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts/path',
    'RunArtifacts_ListInPath',
    (call, names) => historyList(call, below(call, names), (artifact) => artifactDocument(call, artifact)),
  ),
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts/metadata',
    'RunArtifacts_GetById',
    (call, names) => jsonAnswer(200, artifactDocument(call, one(call, names))),
  ),
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts/contentinfo',
    'RunArtifacts_GetContentInformation',
    (call, names) => jsonAnswer(200, contentDocument(call, one(call, names))),
  ),
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts/artifacturi',
    'RunArtifacts_GetSasUri',
    (call, names) => jsonAnswer(200, call.links.image(one(call, names).file)),
  ),
  operation(
    'GET /history/experiments/{experimentName}/runs/{runId}/artifacts/prefix/contentinfo',
    'RunArtifacts_ListSasByPrefix',
    (call, names) => historyList(call, below(call, names), (artifact) => contentDocument(call, artifact)),
  ),
];

/** The query option `path`. Throws 400 without it. */
export function wishedPath({ request }: HistoryCall): string {
  const path = queryValue(request, 'path');
  if (path === undefined) throw new Refusal(400, 'BadArgument', 'path is required.');
  return path;
}

function all(call: HistoryCall, names: RunNames): Artifact[] {
  return artifactsIn(call.history, 'ExperimentRun', containerOf(runWithin(call, names)));
}

function below(call: HistoryCall, names: RunNames): Artifact[] {
  const prefix = queryValue(call.request, 'path') ?? '';
  return all(call, names).filter(({ path }) => path.startsWith(prefix));
}

function one(call: HistoryCall, names: RunNames): Artifact {
  const container = containerOf(runWithin(call, names));
  return artifactOf(call, { origin: 'ExperimentRun', container, path: wishedPath(call) });
}
