import { answerOf, asFailure } from './failure.ts';

/** A condition that doesn't hold is a value, not an error. */
export type Refused = 'exists' | 'changed' | 'missing';

/** One small operation with all its tries must end within this. */
const DEADLINE_MILLISECONDS = 60_000;
export const deadline = (): AbortSignal => AbortSignal.timeout(DEADLINE_MILLISECONDS);

const CONDITION_CODES: readonly string[] = [
  'ConditionNotMet',
  'AppendPositionConditionNotMet',
  'TargetConditionNotMet',
];

/** Which condition the service says doesn't hold; undefined for every other error. */
export function refusal(error: unknown): Refused | undefined {
  const answer = answerOf(error);
  if (answer?.status === 409 && answer.code === 'BlobAlreadyExists') return 'exists';
  if (answer?.status === 412 && CONDITION_CODES.includes(answer.code)) return 'changed';
  if (answer?.status === 404 && answer.code !== 'ContainerNotFound') return 'missing';
  return undefined;
}

/** Runs a conditional operation: its value, or the condition that failed. @throws StorageFailure for everything else. */
export async function conditionally<T>(operation: string, blob: string, run: () => Promise<T>): Promise<T | Refused> {
  try {
    return await run();
  } catch (error) {
    const refused = refusal(error);
    if (refused) return refused;
    throw asFailure(operation, blob, error);
  }
}
