import { describe, expect, it, vi } from 'vitest';
import type { Person } from '../../../local/simulator/world/learning/place.ts';
import type { RequestId } from '../../../src/lib/domain/ids.ts';
import type { Plan } from '../../../src/lib/domain/plan.ts';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { type Decided, decide } from '../../../src/lib/steps/request/decide.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { DEPUTY, OFFICER } from './support/request-stores.ts';
import { openStage, type Stage, type StageOptions } from './support/stage.ts';
import { eventsOf } from './support/use-stage.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

const sizes = { runs: 2, artifactsPerRun: 1, assets: 1, experiments: 1 };
const projects = [
  { name: 'own', people: [0], ...sizes },
  { name: 'shared', people: [0, 1], ...sizes },
  { name: 'foreign', people: [1], ...sizes },
];
const options: StageOptions = {
  managed: { kind: 'experimentation', account: 'people' },
  world: { experimentation: [{ name: 'people', workspaces: [{ name: 'alpha', projects }] }] },
};
const SHARED = 'exp-projects/alpha/shared';

const personAt = ({ simulator }: Stage, index: number): Person => {
  const person = simulator.world.learning.people[index];
  if (!person) throw new Error('Nobody is there.');
  return person;
};

/** Names of the projects that are still there. */
const projectsIn = ({ simulator }: Stage): string[] =>
  [...simulator.world.learning.experimentationAccounts.values()]
    .filter(({ name }) => name === 'people')
    .flatMap(({ workspaces }) => [...workspaces.values()])
    .flatMap((workspace) => [...workspace.projects.values()].map(({ name }) => name));

const submission = (stage: Stage): Partial<Submission> => ({
  action: 'delete',
  scope: 'subject',
  subject: { reference: 'case-1', objectId: personAt(stage, 0).objectId },
});

async function planOf({ deps }: Stage, requestId: RequestId): Promise<Plan> {
  const plan = await deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  if (!plan) throw new Error('There is no plan.');
  return plan;
}

const foundIn = (plan: Plan): Record<string, number> =>
  Object.fromEntries(plan.tasks.map(({ family, counts }) => [family, counts.found]));

async function approve(stage: Stage, requestId: RequestId, include?: string[], actor = OFFICER): Promise<Decided> {
  const { hash } = await planOf(stage, requestId);
  const order = { decision: 'approve' as const, planHash: hash, ...(include ? { include } : {}) };
  return decide(stage.deps, { requestId, order, actor });
}

describe('A decision on what names one person', () => {
  it('leaves a shared project standing unless it names it', async () => {
    await using stage = await openStage(azurite.storage, options);
    const driver = new Driver(stage);
    const requestId = await driver.submit(submission(stage));
    await driver.run(requestId);
    expect((await approve(stage, requestId)).kind).toBe('decided');
    const record = await driver.toTheEnd(requestId);
    expect(projectsIn(stage).sort()).toEqual(['foreign', 'shared']);
    const finals = finalsOf(await ledgersOf(stage, requestId));
    expect(finals).toContain('exp-projects/alpha/own erased item-404');
    expect(finals).toContain(`${SHARED} kept`);
    expect(finals.some((final) => final.includes('/alpha/foreign'))).toBe(false);
    expect(record.state).toBe('completed');
  });

  it('that names it has the plan made again with all that lies in it, and somebody else must approve that plan', async () => {
    await using stage = await openStage(azurite.storage, options);
    const driver = new Driver(stage);
    const requestId = await driver.submit(submission(stage));
    await driver.run(requestId);
    const first = await planOf(stage, requestId);
    expect(first.tasks.find(({ family }) => family === 'exp-projects')?.shared).toEqual({
      keys: [SHARED],
      more: false,
    });
    const widened = await approve(stage, requestId, [SHARED]);
    expect(widened).toMatchObject({ kind: 'decided', record: { state: 'planning', include: [SHARED] } });
    await driver.run(requestId);
    const second = await planOf(stage, requestId);
    expect(second.revision).toBe(2);
    expect(second.hash).not.toBe(first.hash);
    expect(foundIn(second)['exp-projects']).toBe(2);
    expect(second.tasks.filter(({ shared }) => shared !== undefined)).toEqual([]);
    expect(foundIn(second)['exp-runs']).toBeGreaterThan(foundIn(first)['exp-runs'] ?? 0);
    expect(projectsIn(stage)).toHaveLength(3);
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
    for (const include of [undefined, [SHARED]])
      expect(await approve(stage, requestId, include)).toEqual({ kind: 'own-widening' });
    expect((await approve(stage, requestId, [SHARED], DEPUTY)).kind).toBe('decided');
    const record = await driver.toTheEnd(requestId);
    expect(record.outcome).toMatchObject({ event: 'complete' });
    expect(projectsIn(stage)).toEqual(['foreign']);
    const finals = finalsOf(await ledgersOf(stage, requestId));
    expect(finals).toContain(`${SHARED} erased item-404`);
    expect(finals.filter((final) => !final.includes(' erased '))).toEqual([]);
    expect(await eventsOf(stage, requestId)).toEqual(expect.arrayContaining(['widen', 'approve', 'complete']));
  });

  it('names another project than the person is in: nothing of that is taken in', async () => {
    await using stage = await openStage(azurite.storage, options);
    const driver = new Driver(stage);
    const requestId = await driver.submit(submission(stage));
    await driver.run(requestId);
    const first = await planOf(stage, requestId);
    await approve(stage, requestId, ['exp-projects/alpha/foreign']);
    await driver.run(requestId);
    expect(foundIn(await planOf(stage, requestId))).toEqual(foundIn(first));
  });
});
