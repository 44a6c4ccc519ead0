import type { FunctionMetadata } from '../contract.ts';
import type { FunctionCallback, HookCallback, ProgrammingModel } from './model.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

const functions = new Map<string, RegisteredFunction>();
const hooks = new Map<string, HookCallback[]>();
let model: ProgrammingModel | undefined;
let writeLine: (line: string) => void = (line) => process.stdout.write(`${line}\n`);

export function setModel(given: ProgrammingModel): void {
  model = given;
}

export function getModel(): ProgrammingModel | undefined {
  return model;
}

/**
 * Adds a function.
 * @throws when the name is taken: the genuine host then finds "No job functions" in the whole app.
 */
export function addFunction(entry: RegisteredFunction): void {
  if (functions.has(entry.metadata.name)) {
    throw new Error(
      `A function named "${entry.metadata.name}" is registered already; names are unique over all trigger types`,
    );
  }
  functions.set(entry.metadata.name, entry);
}

export function findFunction(name: string): RegisteredFunction | undefined {
  return functions.get(name);
}

export function allFunctions(): RegisteredFunction[] {
  return [...functions.values()];
}

/** Adds a hook callback; what is returned takes it away again. */
export function addHook(name: string, callback: HookCallback): { dispose(): void } {
  const list = hooks.get(name) ?? [];
  hooks.set(name, list);
  list.push(callback);
  return {
    dispose() {
      const at = list.indexOf(callback);
      if (at >= 0) list.splice(at, 1);
    },
  };
}

/** Calls the hooks of one name one after the other, in the order in which they were registered. */
export async function runHooks(name: string, context: Record<string, unknown>): Promise<void> {
  for (const callback of hooks.get(name) ?? []) await callback(context);
}

export function setLineWriter(write: (line: string) => void): void {
  writeLine = write;
}

export function writeLog(line: string): void {
  writeLine(line);
}
