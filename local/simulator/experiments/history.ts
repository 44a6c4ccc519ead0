import { jsonAnswer, queryValue } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { containerOf } from '../world/learning/run-history.ts';
import { artifactOf, artifactsIn } from './artifacts.ts';
import { type HistoryOperation, historyList, operation, runOf } from './call.ts';
import { artifactDocument, experimentDocument, metricDocument, runDocument } from './documents.ts';

/** Run history v1.0 as the source document has it (endpoints.md, rows 22 to 28). */
export const historyOperations: readonly HistoryOperation[] = [
  operation('GET /history/runs', 'ListRuns', (call) =>
    historyList(call, call.history.runs.values(), (run) => runDocument(call, run)),
  ),
  operation('GET /history/runs/{runId}', 'GetRun', (call, names) =>
    jsonAnswer(200, runDocument(call, runOf(call, names))),
  ),
  operation('GET /history/experiments', 'ListExperiments', (call) =>
    historyList(call, call.history.experiments.values(), (experiment) => experimentDocument(call, experiment)),
  ),
  operation('GET /history/experiments/{experimentId}', 'GetExperiment', (call, { experimentId }) => {
    const experiment = call.history.experiments.get(experimentId);
    if (!experiment) throw new Refusal(404, 'NotFound', `Experiment ${experimentId} was not found.`);
    return jsonAnswer(200, experimentDocument(call, experiment));
  }),
  operation('GET /history/runmetrics', 'ListRunMetrics', (call) =>
    historyList(call, call.history.metrics.values(), (metric) => metricDocument(call, metric)),
  ),
  operation('GET /history/runs/{runId}/artifacts', 'ListRunArtifacts', (call, names) => {
    const found = artifactsIn(call.history, 'ExperimentRun', containerOf(runOf(call, names)));
    return historyList(call, found, (artifact) => artifactDocument(call, artifact));
  }),
  /** A bare JSON string (`inf-M`). */
  operation('GET /history/runs/{runId}/artifacturi', 'GetArtifactUri', (call, names) => {
    const container = containerOf(runOf(call, names));
    const name = queryValue(call.request, 'name');
    if (name === undefined) throw new Refusal(400, 'BadArgument', 'name is required.');
    return jsonAnswer(200, call.links.image(artifactOf(call, { origin: 'ExperimentRun', container, path: name }).file));
  }),
];
