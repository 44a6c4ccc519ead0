import type { LearningWorkspace } from '../../../../local/simulator/world/learning/model.ts';
import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import { successorDigests, successorKeys } from '../../../end-to-end/support/successor-world.ts';
import { behaviour, besides, type Kind, learningOf, OWN, own } from './kind.ts';
import type { Stage } from './stage.ts';
import { renameHistory, renameModels, successors } from './worlds.ts';

const successorWith = (sizes: object): WorldOptions => ({
  successor: [{ name: 'neighbour' }, { name: OWN, ...sizes }],
  behaviour,
});
const EMPTY = { experiments: 0, runs: 0, assets: 0, jobsPerPerson: 0, models: 0, images: 0, services: 0 };
/** The specification of the successor deletes nothing of a run but its artifacts. */
const BY_HAND = ['ml-experiments', 'ml-runs', 'ml-run-metrics'];

const workspaceOf = (stage: Stage): LearningWorkspace => own(learningOf(stage).workspaces.values());

/** Keys, and paths of bytes, of what has a deletion. */
function left(stage: Stage): readonly unknown[] {
  const workspace = workspaceOf(stage);
  const keys = Object.entries(successorKeys(workspace)).flatMap(([family, held]) =>
    BY_HAND.includes(family) ? [] : held,
  );
  return [...keys, ...workspace.history.artifacts.keys(), ...workspace.registry.models.keys()];
}

export const successor: Kind = {
  kind: 'a workspace of the successor',
  worlds: successors.map(successorWith),
  examples: [successorWith(EMPTY), successorWith({ ...EMPTY, models: 1 })],
  stage: { managed: { kind: 'machine-learning', workspace: OWN } },
  rename(stage, named) {
    const { history, registry } = workspaceOf(stage);
    renameHistory(history, named);
    renameModels(registry, named);
  },
  keys: (stage) => successorKeys(workspaceOf(stage)),
  absent: {},
  byHand: BY_HAND,
  digests: (stage) => successorDigests(stage, workspaceOf(stage)),
  neighbours: besides,
  left,
};
