import type fc from 'fast-check';
import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import { snapshotOf, type WorldSnapshot } from '../../../../local/simulator/world/snapshot.ts';
import { found } from '../../../end-to-end/support/until.ts';
import type { Stage, StageOptions } from './stage.ts';
import type { Named } from './worlds.ts';

type Keys = Readonly<Record<string, readonly string[]>>;

/** One kind of target: its worlds, each beside a neighbour, and what a request about such a target must find and leave. */
export interface Kind {
  readonly kind: string;
  readonly worlds: fc.Arbitrary<WorldOptions>;
  /** Empty, and with one item. */
  readonly examples: readonly WorldOptions[];
  readonly stage: Pick<StageOptions, 'managed'>;
  /** What a delete must name, that it may erase it; otherwise it asks for all. */
  readonly named?: readonly string[];
  rename(stage: Stage, named: Named): void;
  /** Stable keys of all that the target holds now, by family. */
  keys(stage: Stage): Keys;
  /** What an export says of families that the target doesn't have. */
  readonly absent: Keys;
  /** What only a person can erase. */
  readonly byHand: readonly string[];
  /** SHA-256 of the bytes behind items, by key. */
  digests(stage: Stage): ReadonlyMap<string, string>;
  /** What the world holds besides the target. */
  neighbours(stage: Stage): unknown;
  /** What is left where the target was, of what the app can erase. */
  left(stage: Stage): readonly unknown[];
}

/** Name of the resource that a request is about; all others are neighbours. */
export const OWN = 'generated';

export const own = <T extends { readonly name: string }>(all: Iterable<T>): T =>
  found([...all].find(({ name }) => name === OWN));

export const learningOf = (stage: Stage) => stage.simulator.world.learning;

/** Lists go over several pages where they can. */
export const behaviour = { pageSize: 2 };

/** Of a kind whose families all exist and can all be erased. */
export const NOTHING = { absent: {}, byHand: [] };

const others = <T extends { readonly path: string }>(all: readonly T[]): T[] => all.filter(({ path }) => path !== OWN);

/** All that the world holds besides the target, to be compared before and after. */
export function besides(stage: Stage): WorldSnapshot {
  const { resources, learning } = snapshotOf(stage.simulator.world);
  const { experimentationAccounts, hostingAccounts, workspaces, clusters } = learning;
  return {
    resources: resources.filter(({ name }) => name !== OWN),
    learning: {
      ...learning,
      experimentationAccounts: others(experimentationAccounts),
      hostingAccounts: others(hostingAccounts),
      workspaces: others(workspaces),
      clusters: clusters.filter(({ path }) => path.split('/')[1] !== OWN),
      // Files behind links are storage's, and counted all together.
      files: 0,
    },
  };
}
