import { type Random, randomFrom } from '../../seeded.ts';
import type { StoredFile } from './file.ts';
import { artifactPath, titleOf } from './names.ts';
import type { HistorySizes } from './options.ts';
import type { Person } from './place.ts';
import { type Artifact, containerOf, type Run, type RunHistory } from './run-history.ts';

/** What a run history is made with. */
export interface HistoryPlan {
  /** Names the history: everything in it follows from this. */
  readonly seed: string;
  readonly history: RunHistory;
  readonly sizes: HistorySizes;
  readonly people: readonly Person[];
  readonly files: Map<string, StoredFile>;
  /** Milliseconds since 1970. */
  readonly created: number;
}

const minute = 60_000;

/** Fills an empty run history to its sizes; runs, assets and jobs belong to the people in turn. */
export function fillHistory(plan: HistoryPlan): void {
  const random = randomFrom(`${plan.seed}/history`);
  const { history, sizes, created } = plan;
  for (let index = 0; index < sizes.experiments; index += 1) {
    const id = random.uuid();
    const name = titleOf('experiment', index, sizes.wildNames);
    history.experiments.set(id, { id, name, description: `About ${name}`, created: created + index, tags: {} });
  }
  for (let index = 0; index < sizes.runs; index += 1) addRun(plan, personAt(plan, index));
  addAssets(plan, random);
  for (const person of peopleOf(plan)) {
    for (let index = 0; index < sizes.jobsPerPerson; index += 1) addJob(plan, person);
  }
}

/** Adds one run with metrics and artifacts and returns it. */
export function addRun(plan: HistoryPlan, person: Person | undefined): Run {
  const { history, sizes, seed } = plan;
  history.made.runs += 1;
  const number = history.made.runs;
  const random = randomFrom(`${seed}/run ${number}`);
  const created = plan.created + number * minute;
  const id = `run_${Math.floor(created / 1_000)}_${random.hex(8)}`;
  const experiments = [...history.experiments.keys()];
  const inContainer = sizes.dataContainers === 'all' || (sizes.dataContainers === 'half' && number % 2 === 0);
  const reviewer = personAt(plan, number)?.upn;
  const run: Run = {
    id,
    number,
    created,
    experimentId: experiments[(number - 1) % experiments.length] ?? '',
    parentRunId: number % 5 === 0 ? (history.runs.keys().next().value ?? null) : null,
    createdBy: number <= sizes.anonymousRuns ? null : (person ?? null),
    name: titleOf('run', number - 1, sizes.wildNames),
    scriptName: 'train.py',
    tags: number <= sizes.reviewedRuns && reviewer ? { reviewer } : {},
    dataContainerId: inContainer ? `dcid.${id}` : null,
  };
  history.runs.set(id, run);
  for (let index = 0; index < sizes.metricsPerRun; index += 1) {
    const metric = { id: random.uuid(), created: created + index, runId: id, name: `accuracy ${index + 1}` };
    history.metrics.set(metric.id, { ...metric, values: [random.next(), random.next()] });
  }
  for (let index = 0; index < sizes.artifactsPerRun; index += 1) addArtifact(plan, run, { index, random });
  return run;
}

/** Adds one notification of a person's. */
export function addJob(plan: HistoryPlan, person: Person): string {
  const { made, runs, jobs } = plan.history;
  made.jobs += 1;
  const ordinal = made.jobs;
  const id = randomFrom(`${plan.seed}/job ${ordinal}`).uuid();
  const runId = runs.keys().next().value ?? null;
  const job = { id, created: plan.created + ordinal * minute, userObjectId: person.objectId, runId };
  jobs.set(id, { ...job, name: `Job ${ordinal}` });
  return id;
}

function addArtifact({ seed, history, sizes, files }: HistoryPlan, run: Run, at: { index: number; random: Random }) {
  const container = containerOf(run);
  const path = artifactPath(at.index, run.number, sizes.wildNames);
  const [least, most] = typeof sizes.artifactBytes === 'number' ? [sizes.artifactBytes] : sizes.artifactBytes;
  const file = `/l-${at.random.hex(32)}/${at.index}`;
  const bytes = at.random.integer(least, most ?? least);
  const mediaType = /\.(txt|log|csv|json)$/.test(path) ? 'text/plain' : 'application/octet-stream';
  files.set(file, { seed: `${seed}${file}`, bytes, mediaType });
  const id = `ExperimentRun/${container}/${path}`;
  const artifact: Artifact = { id, created: run.created + at.index, origin: 'ExperimentRun', container, path, file };
  history.artifacts.set(id, artifact);
}

function addAssets(plan: HistoryPlan, random: Random): void {
  const { history, sizes, created } = plan;
  const artifacts = [...history.artifacts.values()];
  const runs = [...history.runs.values()];
  for (let index = 0; index < sizes.assets; index += 1) {
    const artifact = artifacts[index];
    const owner = personAt(plan, index)?.upn;
    const id = random.hex(32);
    history.assets.set(id, {
      id,
      created: created + index,
      name: titleOf('asset', Math.floor(index / sizes.assetVersions), sizes.wildNames),
      description: 'Registered from a run',
      runId: runs[index]?.id ?? null,
      artifacts: artifact ? [{ id: artifact.id, prefix: artifact.id }] : [],
      tags: owner ? { owner } : {},
    });
  }
}

function peopleOf({ people, sizes }: HistoryPlan): Person[] {
  const places = sizes.people ?? people.map((_, index) => index);
  return places.flatMap((place) => people[place] ?? []);
}

function personAt(plan: HistoryPlan, index: number): Person | undefined {
  const people = peopleOf(plan);
  return people[index % people.length];
}
