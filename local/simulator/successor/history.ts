import { z } from 'zod';
import { artifactsIn } from '../experiments/artifacts.ts';
import { type HistoryCall, type HistoryOperation, historyList, operation, runOf } from '../experiments/call.ts';
import { experimentDocument, metricDocument, netDate, runDocument } from '../experiments/documents.ts';
import { jsonAnswer } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { containerOf, type Experiment, type Run } from '../world/learning/run-history.ts';
import { bodyOf, queriedList } from './call.ts';

const tagNamesSchema = z.object({ tags: z.array(z.string()).default([]) });

/** Run history of 2019-09-30: experiments by name or id, runs and metrics within an experiment. */
export const successorHistoryOperations: readonly HistoryOperation[] = [
  operation('POST /history/experiments:query', 'Experiments_GetByQuery', (call) =>
    queriedList(call, call.history.experiments.values(), (experiment) => experimentDocument(call, experiment)),
  ),
  operation('GET /history/experiments/{experimentName}', 'Experiments_Get', (call, names) =>
    jsonAnswer(200, experimentDocument(call, experimentOf(call, names))),
  ),
  operation('GET /history/experimentids/{experimentId}', 'Experiments_GetById', (call, names) =>
    jsonAnswer(200, experimentDocument(call, experimentById(call, names))),
  ),
  operation('DELETE /history/experimentids/{experimentId}/tags', 'Experiments_DeleteTags', (call, names) => {
    const experiment = experimentById(call, names);
    const changed = { ...experiment, tags: withoutTags(call, experiment.tags) };
    const apply = () => call.history.experiments.set(changed.id, changed);
    return { ...jsonAnswer(200, experimentDocument(call, changed)), effect: { apply } };
  }),
  operation('POST /history/experiments/{experimentName}/runs:query', 'Runs_GetByQuery', (call, names) =>
    queriedList(call, runsOf(call, names), (run) => runDocument(call, run)),
  ),
  operation('GET /history/experiments/{experimentName}/runs/{runId}', 'Runs_Get', (call, names) =>
    jsonAnswer(200, runDocument(call, runWithin(call, names))),
  ),
  operation('GET /history/experiments/{experimentName}/runs/{runId}/children', 'Runs_GetChild', (call, names) => {
    const parent = runWithin(call, names);
    const children = [...call.history.runs.values()].filter(({ parentRunId }) => parentRunId === parent.id);
    return historyList(call, children, (run) => runDocument(call, run));
  }),
  operation('GET /history/experiments/{experimentName}/runs/{runId}/details', 'Runs_GetDetails', (call, names) =>
    jsonAnswer(200, detailsDocument(call, runWithin(call, names))),
  ),
  operation('DELETE /history/experiments/{experimentName}/runs/{runId}/tags', 'Runs_DeleteTags', (call, names) => {
    const run = runWithin(call, names);
    const changed = { ...run, tags: withoutTags(call, run.tags) };
    const apply = () => call.history.runs.set(changed.id, changed);
    return { ...jsonAnswer(200, runDocument(call, changed)), effect: { apply } };
  }),
  operation('POST /history/experiments/{experimentName}/metrics:query', 'RunMetrics_GetByQuery', (call, names) => {
    const runIds = new Set(runsOf(call, names).map(({ id }) => id));
    const metrics = [...call.history.metrics.values()].filter(({ runId }) => runIds.has(runId));
    return queriedList(call, metrics, (metric) => metricDocument(call, metric));
  }),
  operation('GET /history/experiments/{experimentName}/metrics/{metricId}', 'RunMetrics_Get', (call, { metricId }) => {
    const metric = call.history.metrics.get(metricId.toLowerCase());
    if (!metric) throw new Refusal(404, 'NotFound', `Metric ${metricId} was not found.`);
    return jsonAnswer(200, metricDocument(call, metric));
  }),
];

interface RunNames {
  readonly experimentName: string;
  readonly runId: string;
}

/** The run of a path; it must belong to the path's experiment. Throws 404. */
export function runWithin(call: HistoryCall, names: RunNames): Run {
  const run = runOf(call, names);
  if (run.experimentId === experimentOf(call, names).id) return run;
  throw new Refusal(404, 'NotFound', `Run ${names.runId} was not found in that experiment.`);
}

function runsOf(call: HistoryCall, names: { readonly experimentName: string }): Run[] {
  const { id } = experimentOf(call, names);
  return [...call.history.runs.values()].filter(({ experimentId }) => experimentId === id);
}

function experimentOf({ history }: HistoryCall, { experimentName }: { readonly experimentName: string }): Experiment {
  const experiment = [...history.experiments.values()].find(({ name }) => name === experimentName);
  if (!experiment) throw new Refusal(404, 'NotFound', `Experiment ${experimentName} was not found.`);
  return experiment;
}

function experimentById({ history }: HistoryCall, { experimentId }: { readonly experimentId: string }): Experiment {
  const experiment = history.experiments.get(experimentId.toLowerCase());
  if (!experiment) throw new Refusal(404, 'NotFound', `Experiment ${experimentId} was not found.`);
  return experiment;
}

function withoutTags({ request }: HistoryCall, tags: Readonly<Record<string, string>>): Record<string, string> {
  const gone = new Set(bodyOf(request, tagNamesSchema).tags);
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !gone.has(name)));
}

/** Definition `RunDetails`: its log files are signed links. */
function detailsDocument(call: HistoryCall, run: Run): object {
  const logs = artifactsIn(call.history, 'ExperimentRun', containerOf(run)).filter(({ path }) =>
    /\.(log|txt)$/.test(path),
  );
  return {
    runId: run.id,
    target: 'local',
    status: 'Completed',
    parentRunId: run.parentRunId,
    startTimeUtc: netDate(run.created + 5_000),
    endTimeUtc: netDate(run.created + 50_000),
    error: null,
    warnings: null,
    tags: run.tags,
    properties: {},
    runDefinition: { script: run.scriptName },
    logFiles: Object.fromEntries(logs.map(({ path, file }) => [path, call.links.image(file)])),
    revision: 3,
  };
}
