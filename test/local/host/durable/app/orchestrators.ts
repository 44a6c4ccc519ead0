import * as df from 'durable-functions';
import './activities.ts';
import './events.ts';
import './faulty.ts';
import './program.ts';

df.app.orchestration('chain', function* (context) {
  const first = yield context.df.callActivity('double', { n: 1 });
  const second = yield context.df.callActivity('double', first);
  return { input: context.df.getInput(), second };
});

df.app.orchestration('fanOut', function* (context) {
  const { width } = context.df.getInput() as { width: number };
  const tasks = Array.from({ length: width }, (_, n) => context.df.callActivity('double', { n }));
  const results: { n: number }[] = yield context.df.Task.all(tasks);
  return results.map(({ n }) => n);
});

df.app.orchestration('strings', function* (context) {
  const plain = yield context.df.callActivity('echo', 'text');
  const digits = yield context.df.callActivity('echo', '42');
  const nothing = yield context.df.callActivity('echo', null);
  return [plain, digits, nothing];
});

df.app.orchestration('parent', function* (context) {
  const results: unknown[] = [];
  for (const name of ['a', 'b']) {
    const id = `${context.df.instanceId}:${name}`;
    results.push(yield context.df.callSubOrchestrator('child', { name }, id));
  }
  results.push(yield context.df.callSubOrchestrator('child', { name: 'without id' }));
  return results;
});

df.app.orchestration('child', function* (context) {
  const { name } = context.df.getInput() as { name: string };
  const { n } = yield context.df.callActivity('double', { n: 21 });
  return { name, n, parent: context.df.parentInstanceId };
});

df.app.orchestration('counter', function* (context) {
  const { n, until } = context.df.getInput() as { n: number; until: number };
  const next = yield context.df.callActivity('echo', { n: n + 1, until });
  context.df.setCustomStatus({ at: next.n });
  if (next.n < until) return context.df.continueAsNew(next);
  return next.n;
});

df.app.orchestration('status', function* (context) {
  context.df.setCustomStatus({ step: 'waiting' });
  yield context.df.waitForExternalEvent('go');
  context.df.setCustomStatus({ step: 'went' });
  return 'done';
});

df.app.orchestration('times', function* (context) {
  const before = context.df.currentUtcDateTime.toISOString();
  const guids = [context.df.newGuid('x')];
  yield context.df.callActivity('echo', 1);
  guids.push(context.df.newGuid('x'));
  const after = context.df.currentUtcDateTime.toISOString();
  const live = !context.df.isReplaying;
  return { before, after, guids, live };
});

/** Every kind of step once; for crashes between any two of them. */
df.app.orchestration('everything', function* (context) {
  const doubled = yield context.df.callActivity('double', { n: 4 });
  const all = yield context.df.Task.all([1, 2, 3].map((n) => context.df.callActivity('double', { n })));
  const child = yield context.df.callSubOrchestrator('child', { name: 'c' }, `${context.df.instanceId}-child`);
  const deadline = new Date(context.df.currentUtcDateTime.getTime() + 20);
  yield context.df.createTimer(deadline);
  const late = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const event = context.df.waitForExternalEvent('go');
  const winner = yield context.df.Task.any([event, late]);
  if (winner === event) late.cancel();
  const failure = yield* caught(context);
  return { doubled, all, child, event: event.result, failure };
});

function* caught(context: df.OrchestrationContext) {
  try {
    yield context.df.callActivity('fail', { message: 'on purpose' });
    return 'no failure';
  } catch (error) {
    return error instanceof Error && error.message.includes('on purpose') ? 'caught' : 'other';
  }
}

df.app.orchestration('oneActivity', function* (context) {
  return yield context.df.callActivity('double', { n: 1 });
});
