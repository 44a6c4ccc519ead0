import { keepEvidence } from './evidence.ts';
import { startFaultLane } from './lane/fault-lane.ts';
import { type Drawn, type Outcome, playRound } from './round/round.ts';
import { Scenery } from './scenes/scenes.ts';

export interface PlayOptions {
  /** Installations side by side. */
  readonly lanes: number;
  /** Where rounds that failed leave what they saw. */
  readonly evidence: string;
  /** Told of each round at its end, with the folder of its evidence. */
  readonly told: (outcome: Outcome, evidence: string | undefined) => void;
  /** No further round is begun, and the lanes are taken down. */
  readonly stop?: AbortSignal;
}

/** Plays rounds on lanes that stay up; a lane on which a round failed makes room for a fresh one. */
export async function playRounds(rounds: readonly Drawn[], options: PlayOptions): Promise<Outcome[]> {
  const waiting = [...rounds];
  const outcomes: Outcome[] = [];
  const lanes = Math.min(options.lanes, rounds.length);
  await Promise.all(Array.from({ length: lanes }, () => work(waiting, outcomes, options)));
  return outcomes.sort((a, b) => a.drawn.number - b.drawn.number);
}

/** One lane after another until nothing waits. */
async function work(waiting: Drawn[], outcomes: Outcome[], options: PlayOptions): Promise<void> {
  const isOver = () => waiting.length === 0 || options.stop?.aborted === true;
  while (!isOver()) {
    const lane = await startFaultLane();
    const scenery = new Scenery(lane);
    try {
      for (let drawn = waiting.shift(); drawn; drawn = isOver() ? undefined : waiting.shift()) {
        const outcome = await playRound({ lane, scenery, stop: options.stop }, drawn);
        if (options.stop?.aborted) break;
        outcomes.push(outcome);
        const failed = outcome.kind === 'defect';
        options.told(outcome, failed ? await keepEvidence(options.evidence, lane, outcome) : undefined);
        if (failed) break;
      }
    } finally {
      await lane.stop();
    }
  }
}
