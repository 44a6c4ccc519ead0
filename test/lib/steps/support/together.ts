import { changeWorld } from '../../../../local/simulator/world/change.ts';
import type { Project } from '../../../../local/simulator/world/model.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { runInstanceId } from '../../../../src/lib/domain/ids.ts';
import { type Plan, planSchema } from '../../../../src/lib/domain/plan.ts';
import type { Submission } from '../../../../src/lib/domain/request.ts';
import { type Done, type Next, nextSchema } from '../../../../src/lib/domain/run.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { advance } from '../../../../src/lib/steps/runs/advance.ts';
import { startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import type { Driver } from './driver.ts';
import { OFFICER } from './request-stores.ts';
import type { Stage } from './stage.ts';

/** A delete that lets things go together. */
export const together = (families: Submission['families']): Partial<Submission> => ({
  action: 'delete',
  families,
  erase: 'together',
});

/** Calls that changed something, each with how often it was made, without those that only ask by POST. */
export function changesOf({ simulator }: Stage): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, operation } of simulator.calls.list)
    if (method === 'DELETE') counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

export const projectsOf = (stage: Stage): Project[] => [...stage.resource.projects.values()];

/** The one project of a world. */
export function projectOf(stage: Stage): Project {
  const [project] = projectsOf(stage);
  if (!project) throw new Error('The world has no project.');
  return project;
}

/** Somebody adds an image; its id. */
export function imageAdded(stage: Stage, project = projectOf(stage)): string {
  const [id = ''] = changeWorld(stage.simulator.world, { change: 'addImages', projectId: project.id }).ids;
  return id;
}

/** Submits, takes the inventory, and leaves the request to whoever decides. */
export async function planned(driver: Driver, submission: Partial<Submission>): Promise<RequestId> {
  const requestId = await driver.submit(submission);
  await driver.run(requestId);
  return requestId;
}

export async function planOf({ deps }: Stage, requestId: RequestId): Promise<Plan> {
  const plan = await deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  if (!plan) throw new Error('There is no plan.');
  return plan;
}

/**
 * One run as the orchestrator makes it, with something that happens before the tasks of a phase are begun, and after they are done.
 */
export async function runWith(
  driver: Driver,
  requestId: RequestId,
  around: (next: Extract<Next, { kind: 'tasks' }>, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await startRun(driver.deps, requestId, driver.instances);
  const { n } = (await driver.record(requestId)).run;
  let done: Done | undefined;
  for (;;) {
    const next = nextSchema.parse(await advance(driver.deps, { requestId, run: n, ...(done ? { done } : {}) }));
    if (next.kind === 'stop') break;
    if (next.kind === 'lanes') throw new Error('A stage has one target, and needs no lanes.');
    await around(next, async () => {
      for (const taskId of next.taskIds) await driver.task({ requestId, run: n, taskId, phase: next.phase });
    });
    done = { phase: next.phase, stage: next.stage };
  }
  driver.instances.known.set(runInstanceId(requestId, n), 'ended');
}

/** The request is withdrawn while a run works on it. */
export async function withdrawn({ deps }: Stage, requestId: RequestId): Promise<void> {
  const { kind } = await cancel(deps, { requestId, actor: OFFICER });
  if (kind !== 'cancelled') throw new Error(`Not cancelled: ${kind}`);
}
