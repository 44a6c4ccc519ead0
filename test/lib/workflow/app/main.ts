import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, RetryOptions } from 'durable-functions';
import { z } from 'zod';
import { advanceInputSchema, openRoundInputSchema } from '../../../../src/lib/domain/run.ts';
import {
  fulfilRequest,
  ORCHESTRATORS,
  runLane,
  runRound,
  runTask,
} from '../../../../src/lib/workflow/orchestrators.ts';

/** The genuine orchestrators, with activities that answer by a script: one file a request, written by the test. */
const scriptSchema = z.object({
  /** Answers of `advance`, by what was done before: `start`, or phase and stage; for a lane with its name before that. */
  advance: z.record(z.string(), z.unknown()),
  /** Answers of `openRound`: the last one also for all further rounds. */
  rounds: z.array(z.unknown()),
  /** Rounds whose first attempt throws. */
  failing: z.array(z.number()),
});

const SCRIPTS = process.env.SCRIPTS ?? '';
const scriptOf = (requestId: string) =>
  scriptSchema.parse(JSON.parse(readFileSync(join(SCRIPTS, `${requestId}.json`), 'utf8')));

const tried = new Set<string>();

app.activity('advance', {
  handler: (input: unknown) => {
    const { requestId, done, lane } = advanceInputSchema.parse(input);
    const at = done ? `${done.phase} ${done.stage}` : 'start';
    return scriptOf(requestId).advance[lane === undefined ? at : `${lane}: ${at}`];
  },
});

app.activity('openRound', {
  handler: (input: unknown) => {
    const { requestId, instanceId } = openRoundInputSchema.parse(input);
    const { rounds, failing } = scriptOf(requestId);
    const round = Number(instanceId.slice(instanceId.lastIndexOf(':r') + 2));
    if (failing.includes(round) && !tried.has(instanceId)) {
      tried.add(instanceId);
      throw new Error('Storage is away for a moment.');
    }
    return rounds[Math.min(round, rounds.length) - 1];
  },
});

const retry = new RetryOptions(10, 3);
app.orchestration(ORCHESTRATORS.run, fulfilRequest(retry));
app.orchestration(ORCHESTRATORS.lane, runLane(retry));
app.orchestration(ORCHESTRATORS.task, runTask);
app.orchestration(ORCHESTRATORS.round, runRound(retry));
