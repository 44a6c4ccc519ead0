import type { Artifact, Asset, Experiment, Job, Run, RunMetric } from '../world/learning/run-history.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import type { HistoryCall } from './call.ts';

/** Seven fraction digits and an offset, as .NET writes dates. */
export function netDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000+00:00');
}

/** Definition `Experiment`. `latest` is the newest run in it. */
export function experimentDocument({ history }: HistoryCall, experiment: Experiment): object {
  const latest = [...history.runs.values()].findLast(({ experimentId }) => experimentId === experiment.id);
  return {
    experimentId: experiment.id,
    name: experiment.name,
    description: experiment.description,
    createdUtc: netDate(experiment.created),
    tags: experiment.tags,
    archivedTime: null,
    latestCreatedRunCreatedUtc: latest ? netDate(latest.created) : null,
    latestCreatedRunId: latest?.id ?? null,
  };
}

/** Definition `Run`. Creators are told by name in one run, by principal name in the next: both occur in the wild. */
export function runDocument({ learning, history }: HistoryCall, run: Run): object {
  const person = run.createdBy;
  return {
    runNumber: run.number,
    rootRunId: run.parentRunId ?? run.id,
    experimentId: run.experimentId,
    createdUtc: netDate(run.created),
    createdBy: person && {
      userObjectId: person.objectId,
      userTenantId: learning.tenantId,
      userName: run.number % 2 === 0 ? person.name : person.upn,
    },
    userId: person?.objectId ?? null,
    token: plantedSecret('Run.token'),
    tokenExpiryTimeUtc: netDate(run.created + 86_400_000),
    error: null,
    warnings: null,
    revision: 3,
    runId: run.id,
    parentRunId: run.parentRunId,
    status: 'Completed',
    startTimeUtc: netDate(run.created + 5_000),
    endTimeUtc: netDate(run.created + 50_000),
    heartbeatEnabled: false,
    options: { generateDataContainerIdIfNotSpecified: run.dataContainerId !== null },
    name: run.name,
    dataContainerId: run.dataContainerId,
    description: null,
    hidden: false,
    runType: 'ExperimentRun',
    properties: { 'azureml.git.commit': history.made.runs.toString(16) },
    scriptName: run.scriptName,
    target: 'local',
    tags: run.tags,
    runDefinition: { script: run.scriptName, arguments: ['--rate', '0.1'] },
    createdFrom: null,
    cancelUri: null,
    diagnosticsUri: null,
  };
}

/** Definition `RunMetric`. */
export function metricDocument({ history }: HistoryCall, metric: RunMetric): object {
  return {
    runId: metric.runId,
    metricId: metric.id,
    dataContainerId: history.runs.get(metric.runId)?.dataContainerId ?? null,
    metricType: 'azureml.v1.scalar',
    createdUtc: netDate(metric.created),
    name: metric.name,
    description: '',
    label: null,
    numCells: metric.values.length,
    dataLocation: null,
    cells: metric.values.map((value) => ({ [metric.name]: value })),
    schema: { numProperties: 1, properties: [{ propertyId: metric.name, name: metric.name, type: 'float' }] },
  };
}

/** Definition `Artifact`. */
export function artifactDocument(_call: HistoryCall, artifact: Artifact): object {
  return {
    artifactId: artifact.id,
    origin: artifact.origin,
    container: artifact.container,
    path: artifact.path,
    etag: `"${artifact.file.slice(3, 19)}"`,
    createdTime: netDate(artifact.created),
    dataPath: null,
  };
}

/** Definition `ArtifactContentInformation`: a signed link to the bytes. */
export function contentDocument({ links }: HistoryCall, artifact: Artifact): object {
  const { origin, container, path } = artifact;
  return { contentUri: links.image(artifact.file), origin, container, path };
}

/** Definition `Asset`. */
export function assetDocument(asset: Asset): object {
  return {
    id: asset.id,
    name: asset.name,
    description: asset.description,
    artifacts: asset.artifacts,
    kvTags: asset.tags,
    properties: {},
    runid: asset.runId,
    meta: null,
    createdTime: netDate(asset.created),
  };
}

/** A notification; its shape is guessed (endpoints.md, row 34: opaque). */
export function jobDocument(job: Job): object {
  return {
    jobId: job.id,
    userObjectId: job.userObjectId,
    name: job.name,
    runId: job.runId,
    status: 'Completed',
    createdUtc: netDate(job.created),
    dismissed: false,
  };
}
