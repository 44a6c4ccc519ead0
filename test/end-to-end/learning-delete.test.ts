import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeWorld } from '../../local/simulator/world/change.ts';
import type { LearningSnapshot } from '../../local/simulator/world/learning/snapshot.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf, readReceipt } from './support/account.ts';
import { accountOf, approve, erase, planDelete } from './support/erasure.ts';
import {
  accountKeys,
  accountNamed,
  hostingKeys,
  hostingNamed,
  personAt,
  projectsOf,
} from './support/learning-world.ts';
import { outcomesByFamily, proofsByFamily } from './support/outcomes.ts';
import { expectSpotless, identifiersOf, quoting } from './support/spotless.ts';
import { type Stage, startStage } from './support/stage.ts';
import { keeping, type Trace } from './support/traces.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const project = { runs: 2, artifactsPerRun: 1, assets: 1, experiments: 1 };
const ACCOUNTS = ['everything', 'drifting', 'vanished', 'unreadable', 'protected', 'unproved', 'neighbour'];
const HOSTS = ['served', 'growing', 'partgone', 'nextdoor'];

const sent: Trace[] = [];
let stage: Stage;
let neighbours: ReturnType<typeof neighboursIn>;
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: [
      ...ACCOUNTS.map((account) => ({ kind: 'experimentation', name: account, account }) as const),
      ...HOSTS.map((account) => ({ kind: 'model-management', name: account, account }) as const),
    ],
    world: {
      experimentation: [
        { name: 'everything', workspaces: [{ name: 'alpha', projects: [{}, project] }, { projects: [project] }] },
        {
          name: 'vanished',
          workspaces: [{ projects: [{ ...project, runs: 0, assets: 0, experiments: 0, jobsPerPerson: 0 }, project] }],
        },
        ...ACCOUNTS.filter((name) => !['everything', 'vanished'].includes(name)).map((name) => ({
          name,
          workspaces: [{ name: 'alpha', projects: [{ name: 'one', ...project }] }],
        })),
      ],
      modelManagement: HOSTS.map((name) => ({ name })),
      behaviour: { pageSize: 3, referencedItems: 'refused' },
    },
    between: { storage: keeping(sent) },
  });
  neighbours = neighboursIn(snapshotOf(stage.simulator.world).learning);
});
afterAll(() => stage?.stop());

const neighboursIn = ({ experimentationAccounts, hostingAccounts }: LearningSnapshot) => [
  ...experimentationAccounts.filter(({ path }) => path === 'neighbour'),
  ...hostingAccounts.filter(({ path }) => path === 'nextdoor'),
];

const everybody = () => ({ reference: 'ticket', objectId: personAt(stage, 0).objectId });
const people = () => identifiersOf(stage.simulator.world.learning.people);
const isThere = (account: string): boolean =>
  [...stage.simulator.world.learning.experimentationAccounts.values()].some(({ name }) => name === account);

/** Names of what was deleted below a path, in the order of the calls. */
const deletionsAt = (path: RegExp): string[] =>
  stage.simulator.calls.list
    .filter((call) => call.method === 'DELETE' && path.test(call.path))
    .map(({ operation }) => operation);

const sumOf = (keys: Readonly<Record<string, readonly string[]>>): number => Object.values(keys).flat().length;

describe('a delete of an experimentation account', () => {
  test.concurrent('goes from projects to the account; what goes along is accounted for item by item', async () => {
    const keys = accountKeys(accountNamed(stage, 'everything'), personAt(stage, 0));
    const { view, ledgers, receipt } = await erase(stage, 'everything', { subject: everybody() });
    expect(view.state).toBe('completed');
    for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
    expect(outcomesByFamily(ledgers)).toEqual(
      Object.fromEntries(Object.keys(keys).map((family) => [family, { erased: keys[family]?.length }])),
    );
    const { 'exp-account': _a, 'exp-workspaces': _w, 'exp-projects': _p, ...along } = keys;
    expect(proofsByFamily(receipt)).toEqual({
      'exp-account': ['item-404'],
      'exp-workspaces': ['item-404'],
      'exp-projects': ['item-404'],
      ...Object.fromEntries(Object.keys(along).map((family) => [family, ['parent-gone']])),
    });
    expect(receipt.totals).toMatchObject({ found: sumOf(keys), erased: sumOf(keys), kept: 0, refused: 0, drift: 0 });
    expect(isThere('everything')).toBe(false);
    expect(deletionsAt(/accounts\/everything\b/)).toEqual([
      ...Array(3).fill('Projects_Delete'),
      ...Array(2).fill('Workspaces_Delete'),
      'Accounts_Delete',
    ]);
    expect(receipt.byHand.map(({ what }) => what)).toContain('Telemetry');
  });

  test.concurrent('is decided anew when a run was added after the plan; then all of it goes', async () => {
    const first = await planDelete(stage, 'drifting', { subject: everybody() });
    changeWorld(stage.simulator.world, { change: 'addRuns', history: 'drifting/alpha/one' });
    const keys = accountKeys(accountNamed(stage, 'drifting'), personAt(stage, 0));
    await approve(stage, first);
    const again = await stage.portal.awaitingDecision(first.id, 2);
    expect(again).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    expect(again.plan?.hash).not.toBe(first.hash);
    expect(deletionsAt(/accounts\/drifting\b/), 'nothing is touched that was not approved').toEqual([]);
    await approve(stage, { id: first.id, hash: again.plan?.hash });
    const { view, ledgers } = await accountOf(stage, first.id);
    expect(view.state).toBe('completed');
    const second = ledgers.filter(({ revision }) => revision === 2);
    for (const { family, found: held } of second) expect(held, family).toEqual(keys[family]);
    expect(new Set(second.flatMap(({ items }) => items.map(({ outcome }) => outcome)))).toEqual(new Set(['erased']));
    expect(isThere('drifting')).toBe(false);
  });

  test.concurrent('tells what somebody else had deleted meanwhile as absent', async () => {
    const planned = await planDelete(stage, 'vanished', { subject: everybody() });
    const [empty] = projectsOf(accountNamed(stage, 'vanished'));
    const { workspace, project: gone } = found(empty);
    accountNamed(stage, 'vanished').workspaces.get(workspace)?.projects.delete(gone.name);
    await approve(stage, planned);
    const { view, ledgers } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    const projects = outcomesOf(ledgers, 'exp-projects');
    expect(projects.get(`exp-projects/${workspace}/${gone.name}`)).toMatchObject({
      outcome: 'absent',
      reason: 'It was gone at the first attempt.',
      proof: 'item-404',
    });
    expect([...projects.values()].map(({ outcome }) => outcome).sort()).toEqual(['absent', 'erased']);
    expect(isThere('vanished')).toBe(false);
  });
});

describe('a delete of a hosting account', () => {
  test.concurrent('goes from services over images and manifests to models, and last to the account', async () => {
    const keys = hostingKeys(hostingNamed(stage, 'served'));
    const { view, ledgers, receipt } = await erase(stage, 'served');
    expect(view.state).toBe('completed');
    for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
    expect(receipt.totals).toMatchObject({ found: sumOf(keys), erased: sumOf(keys), refused: 0 });
    expect([...new Set(deletionsAt(/accounts\/served\b/))]).toEqual([
      'DeleteService',
      'DeleteImage',
      'DeleteManifest',
      'DeleteModel',
      '<DeleteHostingAccount>',
    ]);
    expect(Object.values(proofsByFamily(receipt)).flat()).toEqual(Array(5).fill('item-404'));
    expect([...stage.simulator.world.learning.hostingAccounts.values()].map(({ name }) => name)).not.toContain(
      'served',
    );
  });

  test.concurrent('is decided anew when a model was registered after the plan, though the account would take it along', async () => {
    const first = await planDelete(stage, 'growing');
    const { ids } = changeWorld(stage.simulator.world, { change: 'addModels', account: 'growing' });
    await approve(stage, first);
    const again = await stage.portal.awaitingDecision(first.id, 2);
    expect(again).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    expect([...hostingNamed(stage, 'growing').registry.models.keys()], 'nobody has approved that one').toEqual(ids);
    await approve(stage, { id: first.id, hash: again.plan?.hash });
    const { view, receipt } = await accountOf(stage, first.id);
    expect(view.state).toBe('completed');
    expect(receipt.revisions.map(({ carriedOut }) => carriedOut)).toEqual([true, true]);
    expect([...stage.simulator.world.learning.hostingAccounts.values()].map(({ name }) => name)).not.toContain(
      'growing',
    );
  });

  test.concurrent('counts a 204 to the deletion of a model that is gone already as absent', async () => {
    const planned = await planDelete(stage, 'partgone', {
      families: ['mm-models', 'mm-manifests', 'mm-images', 'mm-services'],
    });
    const { registry } = hostingNamed(stage, 'partgone');
    const [gone = ''] = registry.models.keys();
    registry.models.delete(gone);
    await approve(stage, planned);
    const { view, ledgers } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    expect(outcomesOf(ledgers, 'mm-models').get(`mm-models/${gone}`)?.outcome).toBe('absent');
    expect(outcomesByFamily(ledgers)['mm-models']).toEqual({ absent: 1, erased: 2 });
    expect(Object.values(hostingKeys(hostingNamed(stage, 'partgone'))).flat()).toEqual(['mm-account/partgone']);
  });
});

describe('when a permission is lost', () => {
  const denied = (account: string, operation: string) =>
    stage.simulator.faults.add({
      match: { operation, pathPattern: `accounts/${account}\\b` },
      fault: quoting(people()),
    });

  test.concurrent('while the inventory is taken, nothing is planned and nothing erased', async () => {
    denied('unreadable', 'ListArtifacts');
    const id = await stage.portal.begin({ action: 'delete', targets: ['unreadable'], subject: everybody() });
    const view = await stage.portal.ended(id);
    const receipt = await readReceipt(stage, id);
    expect(view).toMatchObject({ state: 'failed', outcome: { reason: expect.stringContaining('could not be read') } });
    expect(receipt.touchedUpstream).toBe(false);
    expect(deletionsAt(/accounts\/unreadable\b/)).toEqual([]);
  });

  test.concurrent('while erasing, what is left is refused with its ground', async () => {
    denied('protected', 'Projects_Delete');
    const { view, ledgers, receipt } = await erase(stage, 'protected', { subject: everybody() });
    expect(view.state).toBe('partially-completed');
    expect(outcomesByFamily(ledgers)).toMatchObject({
      'exp-projects': { refused: 1 },
      'exp-workspaces': { refused: 1 },
      'exp-account': { refused: 1 },
      'exp-runs': { kept: 2 },
    });
    expect(receipt.totals.erased).toBe(0);
    expect([...outcomesOf(ledgers, 'exp-projects').values()][0]?.reason).toBe('Projects_Delete: 403 Forbidden');
    expect(projectsOf(accountNamed(stage, 'protected'))).toHaveLength(1);
  });

  test.concurrent('while proving, nothing is called erased', async () => {
    const planned = await planDelete(stage, 'unproved', { subject: everybody(), families: ['exp-projects'] });
    denied('unproved', 'Projects_Get');
    await approve(stage, planned);
    const { view, ledgers, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('partially-completed');
    expect(receipt.totals.erased).toBe(0);
    expect(new Set(ledgers.flatMap(({ items }) => items.map(({ outcome }) => outcome)))).toEqual(new Set(['refused']));
    expect(projectsOf(accountNamed(stage, 'unproved')), 'it is gone, but nobody could see that').toEqual([]);
  });
});

test('leaves nothing behind: no message, no neighbour changed, no secret, and people in records only', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  expect(neighboursIn(snapshotOf(stage.simulator.world).learning)).toEqual(neighbours);
  await expectSpotless(stage, sent, people());
});
