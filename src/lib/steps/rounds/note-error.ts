import type { SliceMessage } from '../../domain/slice.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { errorTold } from './error-told.ts';

/** Enough for whoever asks what goes wrong; they lie in a blob's metadata. */
const MOST_ERRORS = 5;

/**
 * Writes down how an attempt ended, unless another has begun meanwhile. Where that fails, the attempt's own error is the one that counts.
 * @param failed `more`: other facts that go with it.
 */
export async function noteError(
  deps: Dependencies,
  message: SliceMessage,
  { facts, error, more }: { facts: OpenFacts; error: unknown; more?: Partial<OpenFacts> },
): Promise<void> {
  try {
    const now = await deps.slices.readOpen(message);
    if (!now || now.facts.attempts !== facts.attempts || now.facts.startedAt !== facts.startedAt) return;
    const errors = [...(now.facts.errors ?? []), errorTold(error)].slice(-MOST_ERRORS);
    await deps.slices.note(message, { ...now.facts, errors, ...more }, now.etag);
  } catch {
    deps.log('slice-error-not-noted', { requestId: message.requestId, sliceId: message.sliceId });
  }
}
