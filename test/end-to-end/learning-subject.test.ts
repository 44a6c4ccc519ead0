import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeWorld } from '../../local/simulator/world/change.ts';
import { historySnapshot } from '../../local/simulator/world/learning/snapshot.ts';
import type { Image } from '../../local/simulator/world/model.ts';
import { projectSnapshot } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf, readReceipt } from './support/account.ts';
import { accountOf, approve, type Ended, erase, planDelete } from './support/erasure.ts';
import { imagesOf } from './support/expected.ts';
import {
  accountNamed,
  hostingNamed,
  itemKey,
  type Placed,
  personAt,
  projectKeys,
  projectsOf,
} from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import type { Order } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const sizes = { experiments: 1, runs: 4, artifactsPerRun: 1 };
/** Of person 0 alone; shared with person 1, whose second run names person 0 as its reviewer; without a run of person 0. */
const projects = [
  { name: 'alone', ...sizes, people: [0] },
  { name: 'shared', ...sizes, people: [0, 1], reviewedRuns: 2 },
  { name: 'others', ...sizes, people: [1, 2] },
];
const ACCOUNTS = ['exported', 'erased', 'drifting', 'unreadable'];

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [{ name: 'vision', projects: [{ taggedImages: 12, untaggedImages: 4, deletedImages: 2 }] }],
    managed: [
      ...ACCOUNTS.map((account) => ({ kind: 'experimentation', name: account, account }) as const),
      { kind: 'model-management', name: 'models', account: 'models' },
    ],
    world: {
      experimentation: ACCOUNTS.map((name) => ({
        name,
        workspaces: [{ name: 'alpha', projects: name === 'drifting' ? projects.slice(0, 1) : projects }],
      })),
      modelManagement: [{ name: 'models', services: 0, images: 0, manifests: 0 }],
    },
  });
  for (const account of ['exported', 'erased']) mentionElsewhere(account);
});
afterAll(() => stage?.stop());

/** The person, as the request writes them: in another case than the services do. */
function order(): Pick<Order, 'scope' | 'subject'> {
  const { objectId, upn } = personAt(stage, 0);
  const subject = { reference: 'ticket', objectId: objectId.toUpperCase(), userPrincipalName: upn.toUpperCase() };
  return { scope: 'subject', subject };
}

const projectOf = (account: string, name: string): Placed =>
  found(
    projectsOf(accountNamed(stage, account)).find(({ project }) => project.name === name),
    name,
  );

/** In the project without a run of theirs an asset names the person, and a notification is theirs. */
function mentionElsewhere(account: string): void {
  const { objectId, upn } = personAt(stage, 0);
  const { assets } = projectOf(account, 'others').project.history;
  const [id, asset] = found([...assets][0]);
  assets.set(id, { ...asset, tags: { owner: `  ${upn.toUpperCase()} ` } });
  changeWorld(stage.simulator.world, { change: 'addJobs', history: `${account}/alpha/others`, objectId });
}

/** What an export of the person's data from the shared project holds, and from the one that is others'. */
function sharedKeys(account: string): string[] {
  const { objectId, upn } = personAt(stage, 0);
  const { project } = projectOf(account, 'shared');
  const { runs, metrics, assets } = project.history;
  const own = [...runs.values()].filter(({ createdBy }) => createdBy?.objectId === objectId);
  const reviewed = [...runs.values()].filter(({ tags }) => tags.reviewer === upn);
  expect([own.length, reviewed.length]).toEqual([2, 1]);
  const key = (family: string, ...ids: string[]) => itemKey(family, 'alpha', 'shared', ...ids);
  const ids = own.map(({ id }) => id);
  const artifacts = Object.entries(projectKeys(projectOf(account, 'shared'), personAt(stage, 0)))
    .filter(([family]) => /artifacts|notifications/.test(family))
    .flatMap(([, keys]) => keys)
    .filter((one) => one.startsWith('exp-notifications') || ids.some((id) => one.includes(id)));
  return [
    key('exp-projects'),
    ...[...ids, ...reviewed.map(({ id }) => id)].map((id) => key('exp-runs', id)),
    ...[...metrics.values()].filter(({ runId }) => ids.includes(runId)).map(({ id }) => key('exp-run-metrics', id)),
    ...[...assets.values()].filter(({ tags }) => tags.owner === upn).map(({ id }) => key('exp-assets', id)),
    ...artifacts,
  ];
}

function elsewhereKeys(account: string): string[] {
  const { assets } = projectOf(account, 'others').project.history;
  const { 'exp-notifications': jobs = [] } = projectKeys(projectOf(account, 'others'), personAt(stage, 0));
  expect(jobs).toHaveLength(1);
  return [itemKey('exp-assets', 'alpha', 'others', found([...assets.keys()][0])), ...jobs];
}

const aloneKeys = (account: string): string[] =>
  Object.values(projectKeys(projectOf(account, 'alone'), personAt(stage, 0))).flat();

const snapshotAt = (account: string, name: string) => historySnapshot(name, projectOf(account, name).project.history);

const linesOf = ({ ledgers }: Ended) => new Map(ledgers.flatMap(({ items }) => items.map((item) => [item.key, item])));

describe('in subject scope', () => {
  test.concurrent('an export has exactly what is the person’s, or names them', async () => {
    const keys = [...aloneKeys('exported'), ...sharedKeys('exported'), ...elsewhereKeys('exported')];
    const id = await stage.portal.begin({ action: 'export', targets: ['exported'], ...order() });
    const { view, receipt } = await accountOf(stage, id);
    expect(view.state, 'nobody has to decide: it is the person’s own').toBe('completed');
    const { outcomes } = await openPackage(stage, id);
    expect([...outcomes.keys()].sort()).toEqual(keys.sort());
    expect(receipt.totals).toMatchObject({ saved: keys.length, refused: 0, gaps: 0 });
  });

  test.concurrent('a delete erases what is theirs alone, and keeps what is shared, with the number of others', async () => {
    const before = [snapshotAt('erased', 'shared'), snapshotAt('erased', 'others')];
    const alone = aloneKeys('erased');
    const kept = [...sharedKeys('erased'), ...elsewhereKeys('erased')];
    const ended = await erase(stage, 'erased', order());
    expect(ended.view.state).toBe('completed');
    const lines = linesOf(ended);
    expect([...lines.keys()].sort()).toEqual([...alone, ...kept].sort());
    for (const key of alone) expect(lines.get(key)?.outcome, key).toBe('erased');
    for (const key of kept) expect(lines.get(key)?.outcome, key).toBe('kept');
    expect(lines.get(itemKey('exp-projects', 'alpha', 'shared'))?.reason).toBe('It concerns 1 other person too.');
    expect(projectsOf(accountNamed(stage, 'erased')).map(({ project }) => project.name)).toEqual(['shared', 'others']);
    expect([snapshotAt('erased', 'shared'), snapshotAt('erased', 'others')]).toEqual(before);
  });

  test.concurrent('nothing of a colleague goes whose run came between plan and erasure', async () => {
    const planned = await planDelete(stage, 'drifting', order());
    const { objectId } = personAt(stage, 1);
    changeWorld(stage.simulator.world, { change: 'addRuns', history: 'drifting/alpha/alone', objectId });
    const now = snapshotAt('drifting', 'alone');
    await approve(stage, planned);
    const again = await stage.portal.awaitingDecision(planned.id, 2);
    expect(again).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    await approve(stage, { id: planned.id, hash: again.plan?.hash });
    const { view, ledgers, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    expect(receipt.totals.erased).toBe(0);
    const second = ledgers.filter(({ revision }) => revision === 2);
    expect([...outcomesOf(second, 'exp-projects').values()]).toMatchObject([
      { outcome: 'kept', reason: 'It concerns 1 other person too.' },
    ]);
    expect(snapshotAt('drifting', 'alone')).toEqual(now);
  });

  test.concurrent('what cannot be read is never taken for somebody else’s', async () => {
    stage.simulator.faults.add({
      match: { operation: 'ListRuns', pathPattern: 'accounts/unreadable/.*/projects/shared/' },
      fault: { kind: 'status', status: 403 },
    });
    for (const families of ['all', ['exp-projects']] as const) {
      const id = await stage.portal.begin({ action: 'export', targets: ['unreadable'], families, ...order() });
      expect((await stage.portal.ended(id)).state, String(families)).toBe('partially-completed');
      const { gaps, refused } = (await readReceipt(stage, id)).totals;
      expect(gaps + refused).toBeGreaterThan(0);
    }
    const id = await stage.portal.begin({ action: 'delete', targets: ['unreadable'], ...order() });
    expect((await stage.portal.ended(id)).state).toBe('failed');
    expect(
      stage.simulator.calls.list.filter(({ method, path }) => method === 'DELETE' && /unreadable/.test(path)),
    ).toEqual([]);
  });

  test.concurrent('images go whose metadata names the mail address, from iterations too; the others stay', async () => {
    const project = found([...stage.resource('vision').projects.values()][0]);
    const mail = personAt(stage, 0).upn;
    const isTheirs = ({ metadata }: Image) => Object.values(metadata ?? {}).includes(mail);
    const images = [...imagesOf(project).values()];
    const theirs = images.filter(isTheirs);
    const others = images.filter((image) => !isTheirs(image));
    expect(Math.min(theirs.length, others.length)).toBeGreaterThan(1);
    const { tags, iterations } = projectSnapshot(project);
    const subject = { reference: 'ticket', email: mail.toUpperCase() };
    const { view, ledgers } = await erase(stage, 'vision', { scope: 'subject', subject });
    expect(view.state).toBe('completed');
    const lines = outcomesOf(ledgers, 'cv-images');
    expect([...lines.keys()].sort()).toEqual(theirs.map(({ id }) => itemKey('cv-images', project.id, id)).sort());
    for (const { outcome } of lines.values()) expect(outcome).toBe('erased');
    expect([...imagesOf(project).keys()].sort()).toEqual(others.map(({ id }) => id).sort());
    expect(projectSnapshot(project)).toMatchObject({ tags, iterations });
  });

  test.concurrent('a model goes whose tags name the person; the others stay', async () => {
    const { models } = hostingNamed(stage, 'models').registry;
    const [id, ...rest] = models.keys();
    const model = found(models.get(found(id)));
    models.set(model.id, { ...model, tags: ['churn', personAt(stage, 0).upn] });
    const { view, ledgers } = await erase(stage, 'models', order());
    expect(view.state).toBe('completed');
    expect(ledgers.flatMap(({ items }) => items.map(({ key, outcome }) => ({ key, outcome })))).toEqual([
      { key: itemKey('mm-models', model.id), outcome: 'erased' },
    ]);
    expect([...models.keys()]).toEqual(rest);
  });

  test.concurrent('somebody has to be named', async () => {
    const reply = await stage.portal.submit({
      action: 'export',
      targets: ['exported'],
      scope: 'subject',
      subject: { reference: 'ticket' },
    });
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'subject' }] } });
  });
});

test('leaves nothing behind: no message, no answer against the specifications', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});
