import { describe, expect, it, vi } from 'vitest';
import type { Project } from '../../../local/simulator/world/model.ts';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import { receiptSchema } from '../../../src/lib/domain/receipt.ts';
import { indexText } from '../../../src/lib/steps/report/index.ts';
import { decide } from '../../../src/lib/steps/request/decide.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { DEPUTY } from './support/request-stores.ts';
import { openStage } from './support/stage.ts';

/* What is erased for one person is theirs alone: not by a mention, not where it mentions somebody else, not where copies stay. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

const MAIL = 'tess.tagged@contoso.example';
const OTHER = 'other.one@contoso.example';
const subject = { reference: 'r', email: MAIL };
const erasure = { action: 'delete' as const, scope: 'subject' as const, subject };

async function openVision(
  version: '3.0' | '3.3',
  sizes: { tags?: number; taggedImages?: number; untaggedImages?: number },
) {
  const none = { tags: 0, taggedImages: 0, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10 };
  const projects = [{ ...none, ...sizes, iterations: { published: 0, trained: 1 } }];
  const stage = await openStage(azurite.storage, { version, world: { resources: [{ projects }] } });
  const [project] = stage.resource.projects.values();
  if (!project) throw new Error('There is no project.');
  return { stage, project, ids: [...project.workspace.images.keys()].sort() };
}

const trainingSets = (project: Project) => [...project.iterations.values()].map(({ trainingSet }) => trainingSet);

describe('An image that names the person', () => {
  it('and somebody else too is kept with the number of the others, unless a decision names it', async () => {
    const metadata = [{ of: MAIL, by: OTHER, with: 'plain' }, { of: MAIL }, { by: OTHER }];
    const { stage, project, ids } = await openVision('3.3', { untaggedImages: metadata.length });
    await using _ = stage;
    for (const { images } of [project.workspace, ...trainingSets(project)]) {
      for (const [id, image] of images) images.set(id, { ...image, metadata: metadata[ids.indexOf(id)] ?? null });
    }
    const [both, alone, others] = ids;
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...erasure, families: ['cv-images'] });
    await driver.run(requestId);
    const plan = await stage.deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
    const [shared] = plan?.tasks[0]?.shared?.keys ?? [];
    expect(shared).toContain(`/${both}`);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const ledgers = await ledgersOf(stage, requestId);
    const lines = ledgers.flatMap(({ lines }) => lines).filter((line) => line.line === 'item');
    expect(lines.map(({ key, outcome, reason }) => [key.split('/').at(-1), outcome, reason ?? ''])).toEqual(
      expect.arrayContaining([
        [both, 'kept', 'It concerns 1 other person too.'],
        [alone, 'erased', ''],
      ]),
    );
    expect(lines.some(({ key }) => key.endsWith(`/${others}`))).toBe(false);
    expect([...project.workspace.images.keys()].sort()).toEqual([both, others].sort());

    const again = await driver.submit({ ...erasure, families: ['cv-images'] });
    await driver.run(again);
    const hash = (await driver.record(again)).plan?.hash ?? '';
    const order = { decision: 'approve' as const, planHash: hash, include: [shared ?? ''] };
    expect((await decide(stage.deps, { requestId: again, order, actor: DEPUTY })).kind).toBe('decided');
    expect((await driver.toTheEnd(again)).state).toBe('completed');
    expect([...project.workspace.images.keys()]).toEqual([others]);
  });

  it('is refused on version 3.0 though iterations are asked for too: none of them goes, and they keep copies', async () => {
    // Version 3.0 tells no metadata, so the image's tag names the person.
    const { stage, project, ids } = await openVision('3.0', { tags: 1, taggedImages: 2 });
    await using _ = stage;
    for (const tags of [project.workspace.tags, ...trainingSets(project).map((set) => set.tags)]) {
      for (const [id, tag] of tags) tags.set(id, { ...tag, name: MAIL });
    }
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...erasure, families: ['cv-iterations', 'cv-images'] });
    expect((await driver.toTheEnd(requestId)).state).toBe('partially-completed');
    const lines = (await ledgersOf(stage, requestId)).flatMap((ledger) => ledger.lines);
    const reasons = lines.flatMap((line) => (line.line === 'item' ? [`${line.outcome}: ${line.reason}`] : []));
    expect(new Set(reasons)).toEqual(new Set(['refused: iterations keep copies']));
    expect([...project.workspace.images.keys()].sort()).toEqual(ids);
    const receipt = await stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
    expect(receipt?.services).toEqual([{ target: stage.target.name, versions: ['customvision/v3.0'] }]);
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});

it('An export of everything that only mentions other people says how many, in receipt and report, and waits for nobody', async () => {
  const metadata = [{ of: MAIL, by: OTHER }, { of: MAIL }, { by: OTHER.toUpperCase() }];
  const { stage, project, ids } = await openVision('3.3', { tags: 1, untaggedImages: metadata.length });
  await using _ = stage;
  const { images } = project.workspace;
  for (const [id, image] of images) images.set(id, { ...image, metadata: metadata[ids.indexOf(id)] ?? null });
  const driver = new Driver(stage);
  const families = ['cv-tags', 'cv-images'];
  const requestId = await driver.submit({ action: 'export', scope: 'target', subject, families });
  await driver.run(requestId);
  const record = await driver.record(requestId);
  expect(record.state).toBe('completed');
  const receipt = await stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  const others = receipt?.revisions[0]?.tasks.map((task) => [task.family, task.others]);
  expect(others).toEqual([
    ['cv-tags', undefined],
    ['cv-images', { people: 1, more: false }],
  ]);
  const list = await stage.deps.documents.readTasks(requestId, 1);
  const pieces: string[] = [];
  for await (const piece of indexText({ deps: stage.deps, requestId, tasks: list?.tasks ?? [] }, record))
    pieces.push(piece);
  const said = 'names or mentions 1 other person besides the one whom the request is about';
  expect(pieces.join('').split(said)).toHaveLength(2);
  expect(`${pieces.join('')}${JSON.stringify(receipt)}`).not.toMatch(/contoso/i);
});

it('A project with a run that has no owner and mentions the person is not theirs alone', async () => {
  const sizes = { runs: 2, metricsPerRun: 0, artifactsPerRun: 0, assets: 0, experiments: 0, people: [0] };
  await using stage = await openStage(azurite.storage, {
    managed: { kind: 'experimentation', account: 'people' },
    world: {
      experimentation: [{ name: 'people', workspaces: [{ name: 'alpha', projects: [{ name: 'own', ...sizes }] }] }],
    },
  });
  const [account] = stage.simulator.world.learning.experimentationAccounts.values();
  const [project] = account?.workspaces.get('alpha')?.projects.values() ?? [];
  const [run] = project?.history.runs.values() ?? [];
  if (!project || !run?.createdBy) throw new Error('The world has no run.');
  const { objectId, upn } = run.createdBy;
  project.history.runs.set(run.id, { ...run, createdBy: null, tags: { reviewer: upn } });
  const driver = new Driver(stage);
  const person = { reference: 'r', objectId, userPrincipalName: upn };
  const requestId = await driver.submit({ ...erasure, subject: person, families: ['exp-projects'] });
  expect((await driver.toTheEnd(requestId)).state).toBe('completed');
  const finals = finalsOf(await ledgersOf(stage, requestId));
  expect(finals).toContain('exp-projects/alpha/own kept');
  expect(finals.filter((final) => final.includes('erased'))).toEqual([]);
  expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
});
