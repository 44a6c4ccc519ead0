import { randomUUID } from 'node:crypto';
import type { FunctionMetadata, Invoker } from './contract.ts';
import { queueInvocation } from './queue/invocation.ts';
import type { Timer } from './timer/timer.ts';

export interface ByHand {
  readonly functions: readonly FunctionMetadata[];
  readonly timers: readonly Timer[];
  readonly invocations: Invoker;
}

/** Runs a timer or queue function outside its trigger; false when the app has no function of that name. */
export function runByHand({ name, input }: { name: string; input: string }, parts: ByHand): boolean {
  const lower = name.toLowerCase();
  const entry = parts.functions.find((candidate) => candidate.name.toLowerCase() === lower);
  if (entry === undefined) return false;
  const timer = parts.timers.find(({ functionName }) => functionName === entry.name);
  if (timer) {
    void timer.runByHand();
    return true;
  }
  const [bindingName, trigger] = Object.entries(entry.bindings).find(([, { type }]) => type.endsWith('Trigger')) ?? [];
  if (bindingName === undefined || trigger === undefined) return false;
  const target = { functionName: entry.name, bindingName };
  void parts.invocations.invoke({ ...queueInvocation(target, input), invocationId: randomUUID() });
  return true;
}
