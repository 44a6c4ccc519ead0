/**
 * What a `require('@azure/functions-core')` or an import of it finds inside a worker: the programming model registers itself and the
 * functions here. Names are those that `@azure/functions` 4.x calls.
 */
import type { FunctionMetadata } from '../contract.ts';
import type { FunctionCallback, HookCallback, ProgrammingModel } from './model.ts';
import { addFunction, addHook, getModel, setModel, writeLog } from './registry.ts';

/** The library only shows it; the local host follows worker 3.x. */
export const version = '3.12.0-local';
export const hostVersion = '4.1037.0-local';

export class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose();
  }
}

export function setProgrammingModel(model: ProgrammingModel): void {
  setModel(model);
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return getModel();
}

export function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  if (Reflect.get(metadata, 'retryOptions')) {
    throw new Error(`Function "${metadata.name}": retry policies of triggers aren't supported by the local host`);
  }
  addFunction({ metadata, callback });
  return new Disposable(() => {
    throw new Error('Functions cannot be taken away after registration');
  });
}

export function registerHook(name: string, callback: HookCallback): Disposable {
  const added = addHook(name, callback);
  return new Disposable(() => added.dispose());
}

/** Debug and trace lines of the library itself are left out. */
export function log(level: string, category: string, message: string): void {
  if (category === 'system' && (level === 'debug' || level === 'trace')) return;
  writeLog(`[${level}] ${message}`);
}
