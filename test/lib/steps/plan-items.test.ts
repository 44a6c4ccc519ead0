import { describe, expect, it, vi } from 'vitest';
import { mintRequestId, mintTaskId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import type { PlannedItem } from '../../../src/lib/domain/plan.ts';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { listPlanItems, type PlanItemsQuery } from '../../../src/lib/steps/request/plan-items.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { writeInventory } from './support/inventory.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { journalOf, OFFICER, PORTAL } from './support/request-stores.ts';
import { openStage, type Stage, type StageOptions } from './support/stage.ts';
import { planned, planOf, together } from './support/together.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

async function pageOf({ deps }: Stage, query: Omit<PlanItemsQuery, 'actor'>) {
  const listed = await listPlanItems(deps, { actor: OFFICER, ...query });
  if (listed.kind !== 'page') throw new Error(listed.kind);
  return listed;
}

/** All items, page by page. */
async function itemsOf(stage: Stage, query: Omit<PlanItemsQuery, 'actor'>): Promise<PlannedItem[]> {
  const all: PlannedItem[] = [];
  let continuation: string | undefined;
  do {
    const page = await pageOf(stage, { ...query, continuation });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    all.push(...page.items);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return all;
}

/** The outcome that a fate foretells, where nothing gets in between. */
const OUTCOMES: Record<PlannedItem['fate'], string> = {
  erased: 'erased',
  'with-parent': 'erased',
  kept: 'kept',
  'by-hand': 'kept',
  refused: 'refused',
  saved: 'saved',
};
const foretold = (items: readonly PlannedItem[]): string[] =>
  items.map(({ key, fate }) => `${key} ${OUTCOMES[fate]}`).sort();
const cameTrue = async (stage: Stage, requestId: RequestId): Promise<string[]> =>
  finalsOf(await ledgersOf(stage, requestId)).map((final) => final.split(' ').slice(0, 2).join(' '));

const sizes = { runs: 2, artifactsPerRun: 1, assets: 1, experiments: 1 };
const people: StageOptions = {
  managed: { kind: 'experimentation', account: 'people' },
  world: {
    experimentation: [
      {
        name: 'people',
        workspaces: [
          {
            name: 'alpha',
            projects: [
              { name: 'own', people: [0], ...sizes },
              { name: 'shared', people: [0, 1], ...sizes },
            ],
          },
        ],
      },
    ],
  },
};
const vision: StageOptions = {
  world: {
    resources: [
      { projects: [{ tags: 1, taggedImages: 3, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 10 }] },
    ],
  },
  limits: { sliceItems: 2 },
};

const subjectOf = ({ simulator }: Stage): Partial<Submission> => {
  const [person] = simulator.world.learning.people;
  if (!person) throw new Error('Nobody is there.');
  return {
    action: 'delete',
    scope: 'subject',
    subject: { reference: 'case-1', objectId: person.objectId },
  };
};

describe('The items of a plan', () => {
  it('say of each what becomes of it in the end: runs stay with the project that is shared, and go with the one that is not', async () => {
    await using stage = await openStage(azurite.storage, people);
    const driver = new Driver(stage);
    const requestId = await planned(driver, subjectOf(stage));
    const items = await itemsOf(stage, { requestId, limit: 3 });
    const of = (project: string) => items.filter(({ key }) => key.startsWith(`exp-runs/alpha/${project}/`));
    expect(of('own').map(({ fate, parent }) => [fate, parent])).toContainEqual([
      'with-parent',
      'exp-projects/alpha/own',
    ]);
    expect(new Set(of('shared').map(({ fate }) => fate))).toEqual(new Set(['kept']));
    expect(items.filter(({ fate, ground }) => ['kept', 'by-hand'].includes(fate) && !ground)).toEqual([]);
    await driver.toTheEnd(requestId);
    expect(foretold(items)).toEqual((await cameTrue(stage, requestId)).sort());
  });

  it('go with their project where that was asked for, and by themselves where not; nothing of one task is lost between pages', async () => {
    await using stage = await openStage(azurite.storage, vision);
    const driver = new Driver(stage);
    for (const submission of [together(['cv-projects']), { action: 'delete' as const }]) {
      const requestId = await planned(driver, { ...submission, dryRun: true });
      const { tasks } = await planOf(stage, requestId);
      const all = await itemsOf(stage, { requestId, limit: 200 });
      for (const { taskId, counts } of tasks) {
        const items = await itemsOf(stage, { requestId, limit: 1, task: taskId });
        expect(items).toEqual(all.filter((item) => item.taskId === taskId));
        expect(new Set(items.map(({ key }) => key)).size).toBe(counts.found);
      }
      const fates = new Set(all.filter(({ family }) => family === 'cv-images').map(({ fate }) => fate));
      expect([...fates]).toEqual(['erase' in submission ? 'with-parent' : 'erased']);
    }
  });

  it('would be saved by a dry run of an export', async () => {
    await using stage = await openStage(azurite.storage, vision);
    const requestId = await planned(new Driver(stage), { action: 'export', dryRun: true });
    const items = await itemsOf(stage, { requestId, limit: 200 });
    expect(items.length).toBeGreaterThan(4);
    expect(new Set(items.map(({ fate }) => fate))).toEqual(new Set(['saved']));
  });

  it('are handed out of the list that was asked for only, and the journal is told once who looks', async () => {
    await using stage = await openStage(azurite.storage, vision);
    const requestId = await planned(new Driver(stage), { action: 'delete' });
    const { tasks } = await planOf(stage, requestId);
    const first = await pageOf(stage, { requestId, limit: 1 });
    const { continuation } = first;
    const asked = { requestId, actor: OFFICER, limit: 1 };
    const [task] = tasks.map(({ taskId }) => taskId);
    expect(await listPlanItems(stage.deps, { ...asked, continuation, task })).toEqual({ kind: 'bad-continuation' });
    expect(await listPlanItems(stage.deps, { ...asked, continuation: 'e30' })).toEqual({ kind: 'bad-continuation' });
    expect(await listPlanItems(stage.deps, { ...asked, task: mintTaskId(2, 0) })).toEqual({ kind: 'unknown-task' });
    await listPlanItems(stage.deps, { ...asked, actor: PORTAL });
    const told = (await journalOf(stage.deps, requestId)).filter(({ event }) => event === 'plan-viewed');
    expect(told.map(({ actor, reason }) => [actor, reason])).toEqual([
      ['officer', 'revision 1, items'],
      ['portal', 'revision 1, items'],
    ]);
  });

  it('that were refused before stay so, and what goes with them stays too', async () => {
    await using stage = await openStage(azurite.storage, vision);
    const requestId = await planned(new Driver(stage), together(['cv-projects']));
    const plan = await planOf(stage, requestId);
    const anew = { requestId, name: 'plan.json' } as const;
    const at = (family: string, index: number) => {
      const task = plan.tasks.find((one) => one.family === family);
      if (!task) throw new Error(family);
      return { ...task, taskId: mintTaskId(2, index), counts: { ...NO_COUNTS, found: 1 } };
    };
    const [project, image] = [at('cv-projects', 0), at('cv-images', 1)];
    await stage.deps.documents.write(anew, { ...plan, tasks: [project, image] }, 'replace');
    const stays = 'It is locked.';
    await writeInventory(azurite.storage, { requestId, task: project }, [
      { line: 'found', key: 'cv-projects/p', parameters: {}, stays },
    ]);
    await writeInventory(azurite.storage, { requestId, task: image }, [
      { line: 'found', key: 'cv-images/p/i', parameters: {} },
      { line: 'found', key: 'cv-images/unlisted/i', parameters: {} },
    ]);
    expect((await itemsOf(stage, { requestId, limit: 1 })).map(({ fate, ground }) => [fate, ground])).toEqual([
      ['refused', stays],
      ...Array(2).fill(['kept', 'It goes with its parent, which this plan does not erase.']),
    ]);
  });

  it('are none of an export that is no dry run, nor after results or person have gone', async () => {
    await using stage = await openStage(azurite.storage, vision);
    const requestId = await planned(new Driver(stage), { action: 'delete' });
    const asked = { requestId, actor: OFFICER, limit: 1 };
    const plan = await planOf(stage, requestId);
    const write = (change: Partial<typeof plan>) =>
      stage.deps.documents.write({ requestId, name: 'plan.json' }, { ...plan, ...change }, 'replace');
    await write({ action: 'export' });
    expect(await listPlanItems(stage.deps, asked)).toEqual({ kind: 'no-items' });
    await write({});
    const since = '2026-06-01T00:00:00.000Z';
    const { records } = stage.deps;
    let reads = 0;
    const removing: typeof records = {
      ...records,
      async read(id) {
        const record = await records.read(id);
        reads += 1;
        return record && reads > 1 ? { ...record, results: { since, totals: NO_COUNTS } } : record;
      },
    };
    expect(await listPlanItems({ ...stage.deps, records: removing }, asked)).toEqual({ kind: 'results-gone', since });
    const forgotten: typeof records = {
      ...records,
      read: async (id) => {
        const record = await records.read(id);
        return record && { ...record, forgotten: { at: since } };
      },
    };
    expect(await listPlanItems({ ...stage.deps, records: forgotten }, asked)).toEqual({ kind: 'gone', since });
    expect(await listPlanItems(stage.deps, { ...asked, requestId: mintRequestId() })).toEqual({ kind: 'missing' });
  });
});
