import type { Random } from '../local/simulator/seeded.ts';
import type { State } from '../src/lib/domain/lifecycle.ts';
import type { Action } from './actions.ts';
import type { FaultLane } from './lane/fault-lane.ts';
import type { Scene } from './scenes/scene.ts';

export const GROUPS = ['control', 'kill', 'queue', 'upstream', 'storage', 'content'] as const;
export type Group = (typeof GROUPS)[number];

/** What a fault may change in the end state. */
export interface EndState {
  /** `same`: state and outcome of every item are those of a run without faults. `true-account`: they differ, but nothing is claimed that isn't so. */
  readonly outcomes: 'same' | 'true-account';
  readonly states: readonly State[];
  /** Whether an item that is gone may be called refused, because nothing could be looked at any more. */
  readonly unseen?: true;
  /** Others change what the request is about, too. */
  readonly shared?: true;
  /** Messages may end in a poison queue. */
  readonly givenUp?: true;
}

export const SAME: EndState = { outcomes: 'same', states: ['completed'] };
/** Upstream itself is another afterwards. */
export const CHANGED: EndState = {
  outcomes: 'true-account',
  states: ['completed', 'partially-completed'],
  shared: true,
};
/** Something stays out of reach until the end. */
export const LASTING: EndState = {
  outcomes: 'true-account',
  states: ['completed', 'partially-completed', 'failed'],
  unseen: true,
};

/** Where a fault is put on. */
export interface Place {
  readonly lane: FaultLane;
  readonly scene: Scene;
  /** Follows from seed and round alone. */
  readonly random: Random;
}

/** A fault that has been put on. */
export interface PutOn {
  /** How often it has struck so far. */
  struck(): number;
  /** What it does once the request has ended; throws where that changed anything. */
  afterwards?(requestId: string): Promise<void>;
  /** The same, once everything that a request leaves was downloaded and checked: what would stand in the way of that. */
  atLast?(requestId: string): Promise<void>;
}

/** One way in which things go wrong. */
export interface Fault {
  /** A word for the command line and the table. */
  readonly name: string;
  readonly group: Group;
  /** What goes wrong, in a few words. */
  readonly what: string;
  /** What it is tried on. */
  readonly actions: readonly [Action, ...Action[]];
  /** A project with so many images: more than a page of them. */
  readonly images?: number;
  /** How the app signs in on Custom Vision; either way unless said. */
  readonly signIn?: 'key' | 'entra';
  /** Everything upstream has a hostile name. */
  readonly hostile?: true;
  readonly end: EndState;
  readonly put: (place: Place) => PutOn | Promise<PutOn>;
}
