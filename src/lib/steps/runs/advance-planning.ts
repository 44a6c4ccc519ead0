import { familyNamed } from '../../catalog/catalog.ts';
import { addDays } from '../../domain/clock.ts';
import { erasing, type Plan, type Task, type TaskList } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Done } from '../../domain/run.ts';
import { untoldOf } from '../../plan/told-by.ts';
import type { Dependencies } from '../dependencies.ts';
import { finishWith, moveFrom } from '../moves.ts';
import { planAnew } from '../redrive/do-again.ts';
import { makePlan } from '../request/make-plan.ts';
import { whatIsMissing } from '../slice/missing.ts';
import { settlingReason } from '../slice/settling.ts';
import { AGAIN, type Step } from '../step.ts';
import { ensureTasks, registeredTarget } from '../tasks.ts';

/**
 * Find everything, write down what was found, then ask. If finding failed, erasing doesn't begin. An export that nobody has to decide on
 * goes straight on.
 */
export async function advancePlanning(
  deps: Dependencies,
  record: RequestRecord,
  done: Done | undefined,
): Promise<Step> {
  const settling = settlingReason(record, deps.clock.now());
  if (settling !== undefined)
    return finishWith(deps, record, { event: record.cancel ? 'end-cancelled' : 'fail', reason: settling });
  const list = await ensureTasks(deps, record);
  const { action, dryRun } = record.submission;
  if (action === 'export' && !dryRun) return planExport(deps, record, { list, done });
  if (done?.phase !== 'inventory') {
    return { kind: 'tasks', phase: 'inventory', stage: 0, taskIds: erasing(list.tasks).map((task) => task.taskId) };
  }
  const { plan, counts } = await makePlan(deps, record, list);
  if (counts.gaps > 0) {
    if (record.redrive) {
      await planAnew(deps, record);
      return AGAIN;
    }
    return finishWith(deps, record, {
      event: record.touchedUpstream ? 'complete-partially' : 'fail',
      reason: `The inventory is incomplete: ${counts.gaps} places upstream could not be read. Nothing was erased on this plan.`,
    });
  }
  await deps.documents.write({ requestId: record.requestId, name: 'plan.json' }, plan, 'replace');
  if (dryRun)
    return finishWith(deps, record, {
      event: 'complete',
      reason: `A dry run: ${counts.found} items were found, nothing was touched.`,
    });
  if (counts.found === 0)
    return finishWith(deps, record, { event: 'complete', reason: 'Nothing was found, so there is nothing to erase.' });
  if (record.policy?.approval === 'policy')
    return approveByPolicy(deps, record, { hash: plan.hash, name: record.policy.name });
  return ask(deps, record, { hash: plan.hash, says: `${counts.found} items would go.` });
}

/**
 * An export that would hold other people's data says so and waits for a decision; so does one of which that isn't known. They are looked
 * for in the families whose documents always name somebody, and not when just the subject's items are taken.
 */
async function planExport(
  deps: Dependencies,
  record: RequestRecord,
  at: { list: TaskList; done: Done | undefined },
): Promise<Step> {
  const { tasks } = at.list;
  const everything = record.submission.scope === 'target';
  const naming = everything ? tasks.filter((task) => namesPeople(deps, record, task)) : [];
  const untold = everything ? tasks.filter((task) => untoldOf(task, tasks).length > 0) : [];
  if (naming.length > 0 && at.done?.phase !== 'people') {
    return { kind: 'tasks', phase: 'people', stage: 0, taskIds: naming.map((task) => task.taskId) };
  }
  if (naming.length + untold.length > 0) {
    const { plan, counts } = await makePlan(deps, record, at.list);
    await deps.documents.write({ requestId: record.requestId, name: 'plan.json' }, plan, 'replace');
    const says = othersIn(plan, { gaps: counts.gaps, untold });
    if (says !== '') return ask(deps, record, { hash: plan.hash, says });
  }
  await moveFrom(deps, record, {
    event: 'proceed',
    reason: `An export of ${tasks.length} tasks; nobody has to decide.`,
  });
  return AGAIN;
}

function namesPeople(deps: Dependencies, record: RequestRecord, task: Task): boolean {
  const family = familyNamed(task.family);
  if (family.persons?.identity === undefined) return false;
  return whatIsMissing({ family, record, target: registeredTarget(deps, task.target) }) === undefined;
}

/** Why somebody has to decide on an export: who else is in it, and where that isn't known. Empty when nobody has to. */
function othersIn({ tasks }: Plan, { gaps, untold }: { gaps: number; untold: readonly Task[] }): string {
  const people = Math.max(0, ...tasks.map((task) => task.others?.people ?? 0));
  const families = [...new Set(untold.map(({ family }) => family))].join(', ');
  return [
    ...(people > 0 ? [`It would contain data of ${people} or more other people.`] : []),
    ...(gaps > 0 ? [`${gaps} places upstream could not be read: whose data lies there is not known.`] : []),
    ...(families
      ? [`Other people were not looked for in ${families}: nothing that it asks for says whose that is.`]
      : []),
  ].join(' ');
}

/** The operator's policy has decided before: what is old goes, on this very plan. */
async function approveByPolicy(
  deps: Dependencies,
  record: RequestRecord,
  by: { hash: string; name: string },
): Promise<Step> {
  const revision = record.plan?.revision ?? 1;
  const at = deps.clock.now().toISOString();
  const decision = { decision: 'approve', planHash: by.hash, actor: `policy:${by.name}`, at } as const;
  await moveFrom(deps, record, {
    event: 'proceed',
    reason: `The retention policy ${by.name} approves revision ${revision} of the plan.`,
    patch: { plan: { revision, hash: by.hash }, decision, touchedUpstream: true },
  });
  return AGAIN;
}

/** Planning ends its run: nobody waits for a person inside an orchestration. A decision starts the next. */
async function ask(deps: Dependencies, record: RequestRecord, plan: { hash: string; says: string }): Promise<Step> {
  const decisionDeadline = addDays(deps.clock.now(), deps.limits.decisionDays).toISOString();
  const revision = record.plan?.revision ?? 1;
  const isAsked = await moveFrom(deps, record, {
    event: 'ask',
    reason: `${plan.says} Revision ${revision} of the plan waits for a decision.`,
    patch: { plan: { revision, hash: plan.hash }, decisionDeadline, run: { ...record.run, ended: true } },
  });
  return isAsked ? { kind: 'stop', why: 'it waits for a decision' } : AGAIN;
}
