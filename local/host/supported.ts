import type { FunctionMetadata } from './contract.ts';

/** `direction type` of every binding that this host carries out. */
const SUPPORTED = new Set([
  'in httpTrigger',
  'in queueTrigger',
  'in timerTrigger',
  'in orchestrationTrigger',
  'in activityTrigger',
  'in durableClient',
  'out http',
  'out queue',
]);

/**
 * Refuses at start what this host would otherwise silently leave out.
 * @throws naming every binding that only the genuine host knows.
 */
export function checkSupported(functions: readonly FunctionMetadata[]): void {
  const wrong = functions.flatMap(({ name, bindings }) =>
    Object.values(bindings)
      .filter(({ type, direction }) => !SUPPORTED.has(`${direction ?? 'in'} ${type}`))
      .map(({ type, direction }) => `${name}: ${direction ?? 'in'} ${type}`),
  );
  if (wrong.length > 0) throw new Error(`The local host has no such bindings: ${wrong.join(', ')}`);
}
