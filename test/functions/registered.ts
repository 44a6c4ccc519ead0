import { registerHooks } from 'node:module';
import type { FunctionMetadata } from '../../local/host/contract.ts';
import * as core from '../../local/host/worker/core.ts';
import { allFunctions } from '../../local/host/worker/registry.ts';

const KEY = 'dsr-test-functions-core';

/**
 * The whole app, registered in this process by the genuine library, with nothing started: what the Functions host would be told of each
 * function.
 */
export async function registeredFunctions(): Promise<readonly FunctionMetadata[]> {
  Reflect.set(globalThis, KEY, core);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== '@azure/functions-core') return nextResolve(specifier, context);
      return { url: 'test:functions-core', format: 'commonjs', shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (url !== 'test:functions-core') return nextLoad(url, context);
      const source = `module.exports = globalThis[${JSON.stringify(KEY)}];`;
      return { format: 'commonjs', source, shortCircuit: true };
    },
  });
  await import('../../src/functions/main.ts');
  return allFunctions().map(({ metadata }) => metadata);
}
