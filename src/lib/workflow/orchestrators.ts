import type { OrchestrationContext, OrchestrationHandler, RetryOptions, Task } from 'durable-functions';
import { runInstanceId, sliceEvent } from '../domain/ids.ts';
import {
  type AdvanceInput,
  type Done,
  laneInputSchema,
  type Next,
  runInputSchema,
  type TaskInput,
  taskInputSchema,
} from '../domain/run.ts';
import { type Activities, type ActivityName, RESULTS } from './activities.ts';

/** Names under which the orchestrators are registered; a function's name is unique over all kinds of triggers. */
export const ORCHESTRATORS = { run: 'fulfilRequest', lane: 'runLane', task: 'runTask', round: 'runRound' } as const;

type RoundEnd = 'more' | 'finished' | 'stopped';

type Flow<Result> = Generator<Task, Result, unknown>;

/** Turns of one generation of a run: stages of an erasure, each with two phases, over several revisions. */
const MOST_TURNS = 200;
/** Rounds after which a task's history begins anew. */
const ROUNDS_A_GENERATION = 20;

/** The result of an activity, typed by its name. Only what is thrown is tried again, a few times with growing pauses. */
function* act<Name extends ActivityName>(
  context: OrchestrationContext,
  retry: RetryOptions,
  call: { name: Name; input: Activities[Name]['input'] },
): Flow<Activities[Name]['output']> {
  const result = yield context.df.callActivityWithRetry(call.name, retry, call.input);
  return RESULTS[call.name].parse(result);
}

/** A run works on a request until there is nothing more to be done, or something else has to happen first. Disposable. */
export function fulfilRequest(retry: RetryOptions): OrchestrationHandler {
  return function* run(context: OrchestrationContext): Flow<string> {
    return yield* goThrough(context, retry, runInputSchema.parse(context.df.getInput()));
  };
}

/** The stages of one target, beside those of the others. */
export function runLane(retry: RetryOptions): OrchestrationHandler {
  return function* lane(context: OrchestrationContext): Flow<string> {
    return yield* goThrough(context, retry, laneInputSchema.parse(context.df.getInput()));
  };
}

/** Phase after phase, as `advance` says. */
function* goThrough(
  context: OrchestrationContext,
  retry: RetryOptions,
  input: Omit<AdvanceInput, 'done'>,
): Flow<string> {
  let done: Done | undefined;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const next = yield* act(context, retry, {
      name: 'advance',
      input: done === undefined ? input : { ...input, done },
    });
    if (next.kind === 'stop') return next.why;
    const work = next.kind === 'lanes' ? lanesOf(context, input, next) : tasksOf(context, input, next);
    // The library knows no `all` of nothing; families and targets may have nothing in common.
    if (work.length > 0) yield context.df.Task.all(work);
    done = next.kind === 'lanes' ? { phase: 'lanes', stage: 0 } : { phase: next.phase, stage: next.stage };
  }
  throw new Error(`More than ${MOST_TURNS} turns in one run: this is a defect.`);
}

type Ids = Pick<AdvanceInput, 'requestId' | 'run'>;

/** Of a lane too they are named after the run: it is the run that slices and rounds know. */
function tasksOf(
  context: OrchestrationContext,
  { requestId, run }: Ids,
  { taskIds, phase }: Extract<Next, { kind: 'tasks' }>,
): Task[] {
  return taskIds.map((taskId) => {
    const task: TaskInput = { requestId, run, taskId, phase, round: 1 };
    return context.df.callSubOrchestrator(
      ORCHESTRATORS.task,
      task,
      `${runInstanceId(requestId, run)}:${taskId}:${phase}`,
    );
  });
}

/** A run may open lanes once for each revision of the plan. */
function lanesOf(
  context: OrchestrationContext,
  { requestId, run }: Ids,
  { lanes, revision }: Extract<Next, { kind: 'lanes' }>,
): Task[] {
  return lanes.map((lane, index) =>
    context.df.callSubOrchestrator(
      ORCHESTRATORS.lane,
      { requestId, run, lane },
      `${runInstanceId(requestId, run)}:${revision}:lane-${index}`,
    ),
  );
}

/** A task runs rounds one after another until nothing is open. It receives no events itself, so it may continue as new. */
export const runTask: OrchestrationHandler = function* task(context: OrchestrationContext): Flow<string> {
  const input = taskInputSchema.parse(context.df.getInput());
  const last = input.round + ROUNDS_A_GENERATION;
  for (let round = input.round; round < last; round += 1) {
    const end = yield context.df.callSubOrchestrator(ORCHESTRATORS.round, input, `${context.df.instanceId}:r${round}`);
    if (end !== 'more') return String(end);
  }
  context.df.continueAsNew({ ...input, round: last });
  return 'more';
};

/** Waits once for the slices in flight or for its time to be over; what is missing then rolls over into the next round. */
export function runRound(retry: RetryOptions): OrchestrationHandler {
  return function* round(context: OrchestrationContext): Flow<RoundEnd> {
    const { requestId, run, taskId, phase } = taskInputSchema.parse(context.df.getInput());
    const opened = yield* act(context, retry, {
      name: 'openRound',
      input: { requestId, run, taskId, phase, instanceId: context.df.instanceId },
    });
    if (opened.kind !== 'waiting') return opened.kind;
    if (opened.sliceIds.length === 0) return 'more';
    const events = opened.sliceIds.map((sliceId) => context.df.waitForExternalEvent(sliceEvent(sliceId)));
    const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + opened.waitSeconds * 1000));
    yield context.df.Task.any([context.df.Task.all(events), timer]);
    if (!timer.isCompleted) timer.cancel();
    return 'more';
  };
}
