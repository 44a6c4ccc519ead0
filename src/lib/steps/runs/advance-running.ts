import { addCounts, type Counts, identityFault, NO_COUNTS } from '../../domain/ledger.ts';
import { doesOf, erasing, ownTasks, type TaskList } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Done, Next } from '../../domain/run.ts';
import { nextErasePhase } from '../../plan/next-phase.ts';
import { outcomeOf } from '../../plan/outcome.ts';
import type { Dependencies } from '../dependencies.ts';
import { enterTargets, leaveTargets } from '../exclusion.ts';
import { endRun, finishWith, moveFrom } from '../moves.ts';
import { exportFirst } from '../receipt/export-first.ts';
import { doAgain, hasToDoAgain } from '../redrive/do-again.ts';
import { settlingReason } from '../slice/settling.ts';
import { AGAIN, type Step } from '../step.ts';
import { ensureTasks, revisionOf } from '../tasks.ts';

/** Works through the tasks: an export all at once, an erasure stage by stage, each target by itself. */
export async function advanceRunning(deps: Dependencies, record: RequestRecord, done: Done | undefined): Promise<Step> {
  const list = await ensureTasks(deps, record);
  // What only settles needs no turn: it begins nothing upstream, so a request whose time is over ends wherever it stands.
  if (!done && settlingReason(record, deps.clock.now()) === undefined) {
    const waitingFor = await enterTargets(deps, record);
    if (waitingFor) {
      await endRun(deps, record, {
        reason: `It waits for request ${waitingFor.request} on ${waitingFor.target}.`,
        patch: { waitingFor },
      });
      return { kind: 'stop', why: 'it waits for another request on the same target' };
    }
  }
  const own = ownTasks(list).map((task) => task.taskId);
  if (record.submission.action === 'export') {
    if (done?.phase === 'export') return conclude(deps, record, list);
    return { kind: 'tasks', phase: 'export', stage: 0, taskIds: own };
  }
  if (!record.plan?.hash) return planAgain(deps, record, { revision: list.revision + 1, reason: NO_APPROVAL });
  // What an earlier revision left is found by taking it over, not by asking upstream.
  if (record.again?.revision === list.revision && !done)
    return { kind: 'tasks', phase: 'inventory', stage: 0, taskIds: own };
  return advanceErasing(deps, record, { list, done: done?.phase === 'inventory' ? undefined : done });
}

const NO_APPROVAL = 'Nobody has approved what is left to be done';

async function advanceErasing(
  deps: Dependencies,
  record: RequestRecord,
  at: { list: TaskList; done: Done | undefined },
): Promise<Step> {
  const first = await exportFirst(deps, record, at);
  if (first) return first;
  if (at.done?.phase === 'lanes') return conclude(deps, record, at.list);
  const lanes = [...new Set(erasing(at.list.tasks).map(({ target }) => target))].sort();
  // Families depend on each other within their target only.
  if (lanes.length > 1) return { kind: 'lanes', revision: at.list.revision, lanes };
  const next = nextErasePhase(at.list.tasks, at.done);
  return next ? { kind: 'tasks', ...next } : conclude(deps, record, at.list);
}

/** What comes next on one target of an erasure. Its end is no end of the run, which sums up what all lanes have come to. */
export async function advanceLane(
  deps: Dependencies,
  record: RequestRecord,
  { lane, done }: { lane: string; done: Done | undefined },
): Promise<Next> {
  if (record.state !== 'running') return { kind: 'stop', why: 'the request has moved on' };
  const { tasks } = await ensureTasks(deps, record);
  const next = nextErasePhase(
    tasks.filter(({ target }) => target === lane),
    done,
  );
  return next ? { kind: 'tasks', ...next } : { kind: 'stop', why: 'all stages of the target are through' };
}

async function conclude(deps: Dependencies, record: RequestRecord, list: TaskList): Promise<Step> {
  const { counts, faults } = await total(deps, record, list);
  const settling = settlingReason(record, deps.clock.now());
  if (counts.drift > 0 && settling === undefined && faults.length === 0 && mayPlanAgain(deps, record)) {
    const reason = `${counts.drift} items changed after they were approved`;
    return planAgain(deps, record, { revision: list.revision + 1, reason });
  }
  if (hasToDoAgain(record, counts) && settling === undefined && faults.length === 0) {
    await doAgain(deps, record);
    return AGAIN;
  }
  return finishWith(deps, record, outcomeOf(record, counts, { faults, settling }));
}

/** An export that came first holds what the plan had: what came after it would be erased without being saved, so nothing is planned again. */
const mayPlanAgain = (deps: Dependencies, record: RequestRecord): boolean =>
  !record.submission.exportFirst && revisionOf(record) - (record.again?.revision ?? 1) + 1 < deps.limits.replans;

/** Drift leads back to the decision: what came after the plan was approved by nobody. */
async function planAgain(
  deps: Dependencies,
  record: RequestRecord,
  at: { revision: number; reason: string },
): Promise<Step> {
  await leaveTargets(deps, record);
  await moveFrom(deps, record, {
    event: 'drift',
    reason: `${at.reason}: revision ${at.revision} of the plan is made.`,
    patch: { plan: { revision: at.revision, hash: '' }, redrive: undefined },
  });
  return AGAIN;
}

async function total(
  deps: Dependencies,
  record: RequestRecord,
  list: TaskList,
): Promise<{ counts: Counts; faults: string[] }> {
  let counts = NO_COUNTS;
  const faults: string[] = [];
  for (const task of list.tasks) {
    const own = await deps.slices.sumDone(record.requestId, task.taskId);
    counts = addCounts(counts, own);
    const name = `Task ${task.taskId} (${task.family} on ${task.target})`;
    const fault = identityFault(name, own, doesOf(record.submission.action, task));
    if (fault !== undefined) faults.push(fault);
  }
  return { counts, faults };
}
