import * as df from 'durable-functions';

/** A tree of steps that one orchestrator carries out; what comes out can be told without running it. */
export type Program =
  | { readonly kind: 'echo'; readonly value: number }
  | { readonly kind: 'retried'; readonly key: string; readonly until: number }
  | { readonly kind: 'all'; readonly of: readonly Program[] }
  | { readonly kind: 'child'; readonly of: readonly Program[] }
  | { readonly kind: 'pause' };

function taskOf(program: Program, context: df.OrchestrationContext): df.Task {
  const retries = new df.RetryOptions(1, 5);
  switch (program.kind) {
    case 'echo':
      return context.df.callActivity('echo', program.value);
    case 'retried':
      return context.df.callActivityWithRetry('flaky', retries, { key: program.key, until: program.until });
    case 'all':
      return context.df.Task.all(program.of.map((inner) => taskOf(inner, context)));
    case 'child':
      return context.df.callSubOrchestrator('program', { steps: program.of });
    case 'pause':
      return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 2));
  }
}

df.app.orchestration('program', function* (context) {
  const { steps } = context.df.getInput<{ steps: readonly Program[] }>();
  const results: unknown[] = [];
  for (const step of steps) results.push((yield taskOf(step, context)) ?? null);
  return results;
});
