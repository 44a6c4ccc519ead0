import * as df from 'durable-functions';

df.app.orchestration('failing', function* (context) {
  context.df.setCustomStatus('about to fail');
  yield context.df.callActivity('echo', 1);
  throw new Error('out of order');
});

df.app.orchestration('uncaught', function* (context) {
  yield context.df.callActivity('fail', { message: 'broken part' });
});

df.app.orchestration('describeFailure', function* (context) {
  try {
    yield context.df.callActivity('fail', { message: 'broken part' });
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
  return 'no failure';
});

df.app.orchestration('describeChildFailure', function* (context) {
  try {
    yield context.df.callSubOrchestrator('failing', null, `${context.df.instanceId}-child`);
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
  return 'no failure';
});

df.app.orchestration('retrying', function* (context) {
  const { key, until, attempts } = context.df.getInput() as { key: string; until: number; attempts: number };
  const options = new df.RetryOptions(5, attempts);
  options.backoffCoefficient = 2;
  const first = yield context.df.callActivityWithRetry('flaky', options, { key, until });
  const second = yield context.df.callActivity('double', { n: 5 });
  return { first, second };
});

df.app.orchestration('retryingChild', function* (context) {
  const options = new df.RetryOptions(5, 2);
  const id = `${context.df.instanceId}-child`;
  try {
    yield context.df.callSubOrchestratorWithRetry('failing', options, null, id);
  } catch {
    return 'gave up';
  }
  return 'no failure';
});

/** Yields one task twice: alone it is done once, inside a second `all` again. */
df.app.orchestration('yieldTwice', function* (context) {
  const task = context.df.callActivity('echo', 'twice');
  const other = context.df.callActivity('echo', 'once');
  yield context.df.Task.any([task, other]);
  const results = yield context.df.Task.all([task, other, context.df.callActivity('echo', 'third')]);
  return results;
});

/** The same with a child of a fixed id: it is started twice, and nobody ever hears of the second. */
df.app.orchestration('yieldChildTwice', function* (context) {
  const child = context.df.callSubOrchestrator('status', null, `${context.df.instanceId}-child`);
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 10));
  yield context.df.Task.any([child, timer]);
  const [result] = yield context.df.Task.all([child]);
  return result;
});

df.app.orchestration('missingActivity', function* (context) {
  yield context.df.callActivity('nobody', 1);
});

df.app.orchestration('callsEntity', function* (context) {
  yield context.df.callEntity(new df.EntityId('account', 'a'), 'get');
});

df.app.orchestration('callsHttp', function* (context) {
  yield context.df.callHttp({ method: 'GET', url: 'http://127.0.0.1:9/' });
});

df.app.orchestration('dying', function* (context) {
  const result = yield context.df.callActivity('dieOnce', context.df.getInput());
  return result;
});

df.app.orchestration('guardian', function* (context) {
  yield context.df.callSubOrchestrator('status', null, `${context.df.instanceId}-child`);
});

/** Awaits the same events again after a deadline: inside a new `any`, all of them are awaited anew. */
df.app.orchestration('awaitAgain', function* (context) {
  const events = context.df.Task.all(['early', 'late'].map((name) => context.df.waitForExternalEvent(name)));
  const soon = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 10));
  const first = yield context.df.Task.any([events, soon]);
  if (first === events) return 'at once';
  const later = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const second = yield context.df.Task.any([events, later]);
  return second === events ? 'events' : 'deadline';
});
