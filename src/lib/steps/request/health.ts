import { type RequestId, requestIdSchema } from '../../domain/ids.ts';
import type { Dependencies } from '../dependencies.ts';

/** An id that no request has: version 4, and not random. */
const NOBODY: RequestId = requestIdSchema.parse('00000000-0000-4000-8000-000000000000');

/** Whether the account and the container answer within `milliseconds`: one small read. Never throws. */
export async function storageAnswers(
  made: Promise<Pick<Dependencies, 'records'>>,
  milliseconds: number,
): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), milliseconds);
  const read = made
    .then((deps) => deps.records.read(NOBODY))
    .then(
      () => true,
      () => false,
    );
  try {
    return await Promise.race([read, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
