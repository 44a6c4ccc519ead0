import { describe, expect, it } from 'vitest';
import { errorTold } from '../../../../src/lib/steps/rounds/error-told.ts';
import { StorageFailure, UnreadableBlob } from '../../../../src/lib/store/failure.ts';
import { MalformedAnswer, SignInFailed } from '../../../../src/lib/upstream/failure.ts';

const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error('someone@example.com ?sig=secret'), { name, ...more });

describe('What a ledger says of an error', () => {
  it.each<[string, unknown]>([
    ['StorageFailure (write blob, 503, ServerBusy)', storage('ServerBusy')],
    ['StorageFailure (write blob, 503)', storage('told to someone@example.com')],
    ['UnreadableBlob', new UnreadableBlob('requests/x/record.json')],
    ['MalformedAnswer (the answer is not JSON)', new MalformedAnswer('the answer is not JSON')],
    ['SignInFailed (KeyNotSet)', new SignInFailed('KeyNotSet', true)],
    ['TypeError', named('TypeError')],
    ['Error (ECONNRESET)', named('Error', { code: 'ECONNRESET' })],
    ['Error', named('someone@example.com', { code: 'of someone' })],
    ['something that is no error', 'someone@example.com'],
  ])('is “%s”: class and fixed words, never a message', (told, error) => {
    expect(errorTold(error)).toBe(told);
  });
});

function storage(code: string): StorageFailure {
  return new StorageFailure('write blob', 'requests/x', { status: 503, code });
}
