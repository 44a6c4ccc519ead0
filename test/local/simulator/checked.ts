import assert from 'node:assert/strict';
import type { ObservedAnswer } from '../../../local/simulator/dispatch.ts';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '../../../local/simulator/simulator.ts';
import { checkLearningAnswer } from './learning-specification.ts';
import { checkAnswer } from './specification.ts';

/** What the published specifications and their transcription say against a simulator's answers. */
export interface CheckedAnswers {
  /** None while every answer is sound. */
  readonly findings: readonly string[];
  /** For `onAnswer`. */
  readonly see: (answer: ObservedAnswer) => void;
}

/** Holds every answer that no fault touched against its specification. */
export function checkedAnswers(): CheckedAnswers {
  const findings: string[] = [];
  const checks = [checkAnswer(findings), checkLearningAnswer(findings)];
  const see = (answer: ObservedAnswer): void => {
    for (const check of checks) check(answer);
  };
  return { findings, see };
}

/** A simulator whose `stop` fails when an answer of it was not as specified. */
export async function startChecked(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { findings, see } = checkedAnswers();
  const onAnswer = (answer: ObservedAnswer): void => {
    see(answer);
    options.onAnswer?.(answer);
  };
  const simulator = await startSimulator({ ...options, onAnswer });
  const stop = async (): Promise<void> => {
    await simulator.stop();
    assert.deepEqual(findings, [], 'answers that are not as specified');
  };
  return { ...simulator, stop };
}
