import { isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';

const READS_AT_A_TIME = 8;

/** A target that is paused: since when, why, and when somebody tries again. */
export interface PauseView {
  readonly target: string;
  readonly since: string;
  readonly because: string;
  readonly nextTry: string;
}

/** The pauses that a request has met and that last still. */
export async function viewPauses(
  { breaker }: Pick<Dependencies, 'breaker'>,
  { state, paused = {} }: Pick<RequestRecord, 'state' | 'paused'>,
): Promise<PauseView[]> {
  const targets = isEnded(state) ? [] : Object.keys(paused);
  const pauses = await inParallel(targets, READS_AT_A_TIME, async (target) => {
    const pause = await breaker.pause(target);
    return pause && { target, since: pause.since, because: pause.because, nextTry: pause.nextTry };
  });
  return pauses.filter((pause) => pause !== undefined);
}
