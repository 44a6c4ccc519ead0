import type { Person } from './place.ts';

/** What one project (or one workspace of the successor) holds of experiments. Maps keep creation order, oldest first. */
export interface RunHistory {
  readonly experiments: Map<string, Experiment>;
  readonly runs: Map<string, Run>;
  readonly metrics: Map<string, RunMetric>;
  readonly artifacts: Map<string, Artifact>;
  readonly assets: Map<string, Asset>;
  readonly jobs: Map<string, Job>;
  /** Runs and jobs ever made here: numbers and ids are never used again. */
  readonly made: { runs: number; jobs: number };
}

/** Everything that is listed: by time of creation, then id. */
export interface Listed {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export interface Experiment extends Listed {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Run extends Listed {
  readonly number: number;
  readonly experimentId: string;
  readonly parentRunId: string | null;
  /** Absent where the service forgot who it was. */
  readonly createdBy: Person | null;
  readonly name: string;
  readonly scriptName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Null: the container has the run's own id. */
  readonly dataContainerId: string | null;
}

export interface RunMetric extends Listed {
  readonly runId: string;
  readonly name: string;
  readonly values: readonly number[];
}

/** `id` is `origin/container/path`. */
export interface Artifact extends Listed {
  readonly origin: string;
  readonly container: string;
  readonly path: string;
  /** Path of the bytes on the blob host. */
  readonly file: string;
}

export interface Asset extends Listed {
  readonly name: string;
  readonly description: string;
  readonly runId: string | null;
  /** One artifact by its id, or all whose ids begin with a prefix. */
  readonly artifacts: readonly { readonly id?: string; readonly prefix?: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A notification about a job; its shape is published nowhere. */
export interface Job extends Listed {
  readonly userObjectId: string;
  readonly name: string;
  readonly runId: string | null;
}

/** No experiment, no run. */
export function emptyHistory(): RunHistory {
  return {
    experiments: new Map(),
    runs: new Map(),
    metrics: new Map(),
    artifacts: new Map(),
    assets: new Map(),
    jobs: new Map(),
    made: { runs: 0, jobs: 0 },
  };
}

/** The container of a run's artifacts. */
export function containerOf(run: Pick<Run, 'id' | 'dataContainerId'>): string {
  return run.dataContainerId ?? run.id;
}
