import { setTimeout as pause } from 'node:timers/promises';
import { isEnded } from '../../src/lib/domain/lifecycle.ts';
import type { View } from '../../test/end-to-end/support/portal.ts';
import type { Stage } from '../../test/end-to-end/support/stage.ts';
import { submitUntilTaken } from '../../test/faults/support/lane.ts';
import type { Scene } from '../scenes/scene.ts';

/** A portal that asks more often costs storage more than the request does. */
const LOOK_MILLISECONDS = 250;

/** Submits as a portal does it that gets no answer: with the same key, until there is one. */
export const submit = (stage: Stage, { order }: Scene): Promise<string> => submitUntilTaken(stage, order);

/** Approves every plan that is made until the request has ended. Stops looking when the signal says so. */
export async function carryToEnd(stage: Stage, id: string, signal: AbortSignal): Promise<View> {
  for (;;) {
    // While a killed worker is replaced nobody answers.
    const view = await stage.portal.view(id).catch(() => undefined);
    if (view?.state === 'awaiting-decision') {
      await stage.officer.decide(id, 'approve', view.plan?.hash).catch(() => undefined);
    }
    if (view && isEnded(view.state)) return view;
    await pause(LOOK_MILLISECONDS, undefined, { signal });
  }
}
