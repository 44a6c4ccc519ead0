import * as df from 'durable-functions';

df.app.orchestration('collect', function* (context) {
  const { count } = context.df.getInput() as { count: number };
  const seen: unknown[] = [];
  for (let n = 0; n < count; n += 1) seen.push(yield context.df.waitForExternalEvent('item'));
  return seen;
});

df.app.orchestration('collectTogether', function* (context) {
  const waits = [1, 2, 3].map(() => context.df.waitForExternalEvent('item'));
  const seen: unknown[] = yield context.df.Task.all(waits);
  return seen;
});

df.app.orchestration('eventOrTimer', function* (context) {
  const { milliseconds } = context.df.getInput() as { milliseconds: number };
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + milliseconds));
  const event = context.df.waitForExternalEvent('go');
  const winner = yield context.df.Task.any([event, timer]);
  if (winner !== event) return 'timer';
  timer.cancel();
  return event.result;
});

/** Returns without cancelling its timer. */
df.app.orchestration('openTimer', function* (context) {
  const { milliseconds } = context.df.getInput() as { milliseconds: number };
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + milliseconds));
  yield context.df.Task.any([context.df.callActivity('echo', 'first'), timer]);
  return 'returned';
});

df.app.orchestration('longTimer', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 8 * 86_400_000));
  return 'eight days later';
});

/** A round as the app runs it: all events or a deadline. */
df.app.orchestration('round', function* (context) {
  const { names } = context.df.getInput() as { names: string[] };
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const events = context.df.Task.all(names.map((name) => context.df.waitForExternalEvent(name)));
  const winner = yield context.df.Task.any([events, timer]);
  if (winner !== events) return 'deadline';
  timer.cancel();
  return events.result;
});

/** Takes four events, begins anew twice, and says what each generation took. */
df.app.orchestration('takeFourAndContinue', function* (context) {
  const { generation, taken } = context.df.getInput() as { generation: number; taken: unknown[][] };
  const mine: unknown[] = [];
  for (let n = 0; n < 4; n += 1) mine.push(yield context.df.waitForExternalEvent('item'));
  if (generation < 3) return context.df.continueAsNew({ generation: generation + 1, taken: [...taken, mine] });
  return [...taken, mine];
});
