import type { Random } from '../../local/simulator/seeded.ts';
import { changeWorld } from '../../local/simulator/world/change.ts';
import type { LearningWorld } from '../../local/simulator/world/learning/model.ts';
import { learningSnapshot } from '../../local/simulator/world/learning/snapshot.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { accountKeys, accountNamed, artifactDigests, personAt } from '../../test/end-to-end/support/learning-world.ts';
import type { Order } from '../../test/end-to-end/support/portal.ts';
import type { Stage } from '../../test/end-to-end/support/stage.ts';
import { LEARNING } from '../lane/fault-lane.ts';
import { hostileAccount } from './hostile.ts';
import type { Scene } from './scene.ts';

export type LearningAction = 'ml-export' | 'ml-delete' | 'ml-cluster';

const EXPORTED = ['exp-runs', 'exp-run-artifacts', 'exp-assets'];

type Held = Pick<LearningWorld, 'experimentationAccounts' | 'clusters' | 'files'>;

/** The Azure ML services as they were when the lane started. */
export function heldBy(stage: Stage): Held {
  const { experimentationAccounts, clusters, files } = stage.simulator.world.learning;
  return structuredClone({ experimentationAccounts, clusters, files });
}

function restore(stage: Stage, held: Held): void {
  const { experimentationAccounts, clusters, files } = stage.simulator.world.learning;
  const fresh = structuredClone(held);
  refill(experimentationAccounts, fresh.experimentationAccounts);
  refill(clusters, fresh.clusters);
  refill(files, fresh.files);
}

function refill<T>(map: Map<string, T>, from: ReadonlyMap<string, T>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}

interface Wanted {
  readonly held: Held;
  /** Everything gets a hostile name, drawn from these. */
  readonly hostile?: Random;
}

/** An account of one person's, or a cluster, as it was at the start of the lane, and a request about it. */
export function learningScene(stage: Stage, action: LearningAction, how: Wanted): Scene {
  restore(stage, how.held);
  if (how.hostile) hostileAccount(accountNamed(stage, LEARNING.account), how.hostile);
  const { world } = stage.simulator;
  const keys = keysFor(stage, action);
  const outcome = action === 'ml-export' ? 'saved' : 'erased';
  const account = accountNamed(stage, LEARNING.account);
  return {
    action,
    order: orderFor(stage, action),
    expected: new Map(keys.map((key) => [key, outcome])),
    digests: action === 'ml-export' ? digestsOf(stage) : new Map(),
    calls: { pathPattern: action === 'ml-cluster' ? 'MachineLearningCompute' : `/accounts/${LEARNING.account}` },
    left: () => new Set(leftOf(stage)),
    rest: (shared = false) => {
      const { experimentationAccounts, clusters, files, ...others } = learningSnapshot(world.learning);
      const own = {
        'ml-export': { experimentationAccounts, clusters, files },
        'ml-delete': {
          experimentationAccounts: experimentationAccounts.filter(({ path }) => path !== LEARNING.account),
          clusters,
        },
        'ml-cluster': {
          experimentationAccounts,
          clusters: clusters.filter(({ path }) => !path.includes(`/${LEARNING.clusters}/`)),
        },
      };
      const kind = shared && action === 'ml-export' ? 'ml-delete' : action;
      return { vision: snapshotOf(world).resources, others, own: own[kind] };
    },
    vanish: (random) => {
      for (const workspace of account.workspaces.values()) {
        for (const { history } of workspace.projects.values()) {
          for (const [id] of history.runs) if (random.next() < 0.4) history.runs.delete(id);
        }
      }
    },
    appear: () => {
      const stands = world.learning.experimentationAccounts.values().some(({ name }) => name === LEARNING.account);
      const { objectId } = personAt(stage, 0);
      if (stands) changeWorld(world, { change: 'addRuns', history: `${LEARNING.account}/alpha/one`, objectId });
    },
  };
}

function orderFor(stage: Stage, action: LearningAction): Order {
  const { objectId, upn } = personAt(stage, 0);
  const subject = { reference: 'ticket', objectId, userPrincipalName: upn };
  switch (action) {
    case 'ml-export':
      return { action: 'export', targets: [LEARNING.account], families: EXPORTED, subject };
    case 'ml-delete':
      return { action: 'delete', targets: [LEARNING.account], families: 'all', subject };
    case 'ml-cluster':
      return { action: 'delete', targets: [LEARNING.clusters], families: ['operationalization-clusters'] };
  }
}

function keysFor(stage: Stage, action: LearningAction): string[] {
  if (action === 'ml-cluster') return [`operationalization-clusters/c-${LEARNING.clusters}`];
  const keys = Object.entries(accountKeys(accountNamed(stage, LEARNING.account), personAt(stage, 0)));
  return keys.filter(([family]) => action === 'ml-delete' || EXPORTED.includes(family)).flatMap(([, own]) => own);
}

function leftOf(stage: Stage): string[] {
  const { clusters, experimentationAccounts } = stage.simulator.world.learning;
  const accounts = [...experimentationAccounts.values()].filter(({ name }) => name === LEARNING.account);
  const keys = accounts.flatMap((account) => Object.values(accountKeys(account, personAt(stage, 0))).flat());
  const serving = [...clusters.values()].filter(({ name }) => name === `c-${LEARNING.clusters}`);
  return [...keys, ...serving.map(({ name }) => `operationalization-clusters/${name}`)];
}

function digestsOf(stage: Stage): Map<string, string> {
  const digests = artifactDigests(stage.simulator.world, accountNamed(stage, LEARNING.account));
  return new Map([...digests].filter(([key]) => key.startsWith('exp-run-artifacts/')));
}
