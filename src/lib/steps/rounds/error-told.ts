import { StorageFailure } from '../../store/failure.ts';
import { MalformedAnswer, SignInFailed } from '../../upstream/failure.ts';

/** Names and codes are single words; whatever isn't one may be a sentence about somebody. */
const WORD = /^[A-Za-z][A-Za-z0-9_]{0,59}$/;
const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && WORD.test(value) ? value : undefined;

/** What a ledger may say of an error: its class, and of our own classes what they hold of fixed facts. Never a message: it may quote a person or a secret. */
export function errorTold(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error';
  const name = wordOf(error.name) ?? 'Error';
  const facts = factsOf(error).filter((fact) => fact !== undefined);
  return facts.length > 0 ? `${name} (${facts.join(', ')})` : name;
}

function factsOf(error: Error): readonly (string | undefined)[] {
  if (error instanceof StorageFailure) return [error.operation, error.status?.toString(), wordOf(error.code)];
  if (error instanceof MalformedAnswer) return [error.fact];
  if (error instanceof SignInFailed) return [wordOf(error.code)];
  return ['code' in error ? wordOf(error.code) : undefined];
}
