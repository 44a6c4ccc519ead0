import { isRestError } from '@azure/core-rest-pipeline';

/**
 * Storage answered something that nobody expected here, or not at all. Only these facts are kept of the SDK's error: its request, with
 * the signature in it, is not. The queue's retry is the answer to it.
 */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  readonly operation: string;
  readonly place: string;
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(operation: string, place: string, answer: { status?: number | undefined; code?: string | undefined }) {
    super('The storage account did not do what it was asked to do.');
    this.operation = operation;
    this.place = place;
    this.status = answer.status;
    this.code = answer.code;
  }
}

/** What a blob holds is not what this version of the app writes there. Its content stays out of the error. */
export class UnreadableBlob extends Error {
  override readonly name = 'UnreadableBlob';
  readonly blob: string;

  constructor(blob: string) {
    super('A blob does not hold what it should.');
    this.blob = blob;
  }
}

/** Others were faster at every try of a conditional write. */
export class TooMuchContention extends Error {
  override readonly name = 'TooMuchContention';
  readonly blob: string;

  constructor(blob: string) {
    super('A blob was changed by others at every try.');
    this.blob = blob;
  }
}

/** The service's word for what went wrong, such as `BlobNotFound`; undefined for what isn't an answer of the service. */
export function answerOf(error: unknown): { status: number; code: string } | undefined {
  if (!isRestError(error) || error.statusCode === undefined) return undefined;
  // A HEAD answer has no body: the code stands in a header there.
  const code = error.code ?? error.response?.headers.get('x-ms-error-code') ?? '';
  return { status: error.statusCode, code };
}

/** Runs one operation; what it throws leaves as StorageFailure, except for errors of our own. */
export async function guarded<T>(operation: string, place: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw asFailure(operation, place, error);
  }
}

/** The error to throw on: StorageFailure for what comes from the SDK, anything else as it is. */
export function asFailure(operation: string, place: string, error: unknown): unknown {
  const aborted = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  if (aborted) return new StorageFailure(operation, place, { code: 'DeadlineExceeded' });
  if (!isRestError(error)) return error;
  return new StorageFailure(operation, place, { status: error.statusCode, code: error.code });
}
