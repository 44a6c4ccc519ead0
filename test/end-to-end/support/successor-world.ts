import type { LearningWorkspace } from '../../../local/simulator/world/learning/model.ts';
import type { Person } from '../../../local/simulator/world/learning/place.ts';
import { containerOf, type Run } from '../../../local/simulator/world/learning/run-history.ts';
import { digestOf, itemKey } from './learning-world.ts';
import type { Stage } from './stage.ts';
import { found } from './until.ts';

const experimentOf = ({ history }: LearningWorkspace, run: Run): string =>
  found(history.experiments.get(run.experimentId), run.experimentId).name;

/** Artifacts in the containers of runs, by their stable keys. */
const artifactsOf = (workspace: LearningWorkspace, runs: readonly Run[]) =>
  runs.flatMap((run) =>
    [...workspace.history.artifacts.values()]
      .filter(({ container }) => container === containerOf(run))
      .map((artifact) => ({
        key: itemKey('ml-artifacts', experimentOf(workspace, run), artifact.container, artifact.path),
        artifact,
      })),
  );

/** Stable keys of all that a workspace of the successor holds now, by family; of those that name a person alone where one is given. */
export function successorKeys(workspace: LearningWorkspace, person?: Person): Record<string, string[]> {
  const { history, registry } = workspace;
  const runs = [...history.runs.values()].filter(
    ({ createdBy }) => person === undefined || createdBy?.objectId === person.objectId,
  );
  const own = new Set(runs.map(({ id }) => id));
  const models = [...registry.models.values()].filter(({ owner }) => person === undefined || owner === person.upn);
  const assets = [...history.assets.values()].filter(({ tags }) => person === undefined || tags.owner === person.upn);
  const shared = <T>(items: ReadonlyMap<string, T>): string[] => (person === undefined ? [...items.keys()] : []);
  const keys = {
    'ml-experiments': shared(history.experiments).map((id) => itemKey('ml-experiments', id)),
    'ml-runs': runs.map((run) => itemKey('ml-runs', experimentOf(workspace, run), run.id)),
    'ml-run-metrics': [...history.metrics.values()]
      .filter(({ runId }) => own.has(runId))
      .map(({ id, runId }) => itemKey('ml-run-metrics', experimentOf(workspace, found(history.runs.get(runId))), id)),
    'ml-artifacts': artifactsOf(workspace, runs).map(({ key }) => key),
    'ml-services': shared(registry.services).map((id) => itemKey('ml-services', id)),
    'ml-models': models.map(({ id }) => itemKey('ml-models', id)),
    'ml-assets': assets.map(({ id }) => itemKey('ml-assets', id)),
  };
  return Object.fromEntries(Object.entries(keys).map(([family, held]) => [family, held.sort()]));
}

/** SHA-256 of the bytes of every artifact and model of a workspace, by key. */
export function successorDigests(
  { simulator }: Pick<Stage, 'simulator'>,
  workspace: LearningWorkspace,
): Map<string, string> {
  const { history, registry } = workspace;
  const artifacts = artifactsOf(workspace, [...history.runs.values()]).map(
    ({ key, artifact }) => [key, artifact.file] as const,
  );
  const models = [...registry.models.values()].map(({ id, file }) => [itemKey('ml-models', id), file] as const);
  return new Map([...artifacts, ...models].map(([key, file]) => [key, digestOf(simulator.world, file)]));
}
