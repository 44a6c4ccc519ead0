import type { Random } from '../../local/simulator/seeded.ts';
import type { Action } from '../actions.ts';
import type { Fault } from '../fault.ts';
import { type FaultLane, VISION } from '../lane/fault-lane.ts';
import { heldBy, type LearningAction, learningScene } from './learning.ts';
import type { Scene } from './scene.ts';
import { type VisionAction, visionScene } from './vision.ts';

type World = Pick<Fault, 'images' | 'signIn' | 'hostile'>;

/** Makes the worlds of one lane. */
export class Scenery {
  readonly #lane: FaultLane;
  readonly #held: ReturnType<typeof heldBy>;

  constructor(lane: FaultLane) {
    this.#lane = lane;
    this.#held = heldBy(lane.stage);
  }

  /** A fresh world for an action. Which resource it is on, and so how the app signs in, follows from the round. */
  build(action: Action, { images, signIn, hostile }: World, random: Random): Scene {
    const { stage } = this.#lane;
    if (isLearning(action))
      return learningScene(stage, action, { held: this.#held, ...(hostile && { hostile: random }) });
    const target = VISION[signIn ?? random.pick(['key', 'entra'])];
    return visionScene(stage, action satisfies VisionAction, {
      target,
      ...(images === undefined ? {} : { images }),
      ...(hostile && { hostile: random }),
    });
  }
}

const isLearning = (action: Action): action is LearningAction => action.startsWith('ml-');
