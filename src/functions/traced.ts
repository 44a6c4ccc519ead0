import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../lib/app/composition.ts';
import type { SpanStart } from '../lib/domain/telemetry.ts';
import type { SweepDependencies } from '../lib/steps/sweeps/sweep.ts';

/** Does what an invocation is for within a span, which stands in the trace of the host. */
export async function traced<T>(
  context: InvocationContext,
  start: Omit<SpanStart, 'from'>,
  work: (deps: SweepDependencies) => Promise<T>,
): Promise<T> {
  const deps: SweepDependencies = await dependencies();
  return deps.telemetry.span({ ...start, from: context.traceContext }, () => work(deps));
}
