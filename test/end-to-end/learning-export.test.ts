import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { snapshotOf, type WorldSnapshot } from '../../local/simulator/world/snapshot.ts';
import { planSchema } from '../../src/lib/domain/plan.ts';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, approve } from './support/erasure.ts';
import { givenDocuments } from './support/given.ts';
import {
  accountKeys,
  accountNamed,
  artifactDigests,
  hostingDigests,
  hostingKeys,
  hostingNamed,
  personAt,
  projectsOf,
} from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import { type Stage, startStage } from './support/stage.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const ACCOUNTS = ['wholeexp', 'withoutid'] as const;
const small = { runs: 2, artifactsPerRun: 1, assets: 1, experiments: 1 };

let stage: Stage;
let before: WorldSnapshot;
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: [
      ...ACCOUNTS.map((account) => ({ kind: 'experimentation', name: account, account }) as const),
      { kind: 'model-management', name: 'hosting', account: 'hosting' },
      { kind: 'computes', name: 'computes', workspace: 'computes' },
      { kind: 'clusters', name: 'clusters', resourceGroup: 'serving' },
    ],
    world: {
      experimentation: [
        // Every wild path among the artifacts of a run: also the one of 300 characters.
        { name: 'wholeexp', workspaces: [{ name: 'alpha', projects: [{ name: 'one', artifactsPerRun: 6 }, small] }] },
        { name: 'withoutid', workspaces: [{ projects: [{ ...small, people: [0] }] }] },
      ],
      modelManagement: [{ name: 'hosting' }],
      computeWorkspaces: [{ name: 'computes' }],
      clusters: [{ name: 'cluster', resourceGroup: 'serving', secretInClear: true }],
      behaviour: { pageSize: 4 },
    },
  });
  before = snapshotOf(stage.simulator.world);
});
afterAll(() => stage?.stop());

const subjectOf = (index: number) => {
  const { objectId, upn } = personAt(stage, index);
  return { reference: 'ticket', objectId, userPrincipalName: upn };
};

describe('an export of all Azure ML families', () => {
  test.concurrent('waits until somebody decides on other people’s data, then holds every document and every byte', async () => {
    const { portal } = stage;
    const account = accountNamed(stage, 'wholeexp');
    const keys: Record<string, string[]> = {
      ...accountKeys(account, personAt(stage, 0)),
      ...hostingKeys(hostingNamed(stage, 'hosting')),
      'compute-clusters': [1, 2, 3, 4, 5].map((number) => `compute-clusters/compute${number}`),
      'operationalization-clusters': ['operationalization-clusters/cluster'],
    };
    const targets = ['wholeexp', 'hosting', 'computes', 'clusters'];
    const id = await portal.begin({ action: 'export', targets, subject: subjectOf(0) });
    const waiting = await portal.awaitingDecision(id);
    expect(waiting.state).toBe('awaiting-decision');
    const plan = planSchema.parse((await stage.officer.call('GET', `/requests/${id}/plan`)).json);
    const concerned = plan.tasks.flatMap(({ family, others }) => (others ? [{ family, others }] : []));
    expect(concerned).toEqual([{ family: 'exp-runs', others: { people: 2, more: false } }]);
    await approve(stage, { id, hash: plan.hash });
    const { view, ledgers, receipt } = await accountOf(stage, id);
    expect(view.state).toBe('completed');
    for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
    const { contents, documents, outcomes, text } = await openPackage(stage, id);
    expect([...outcomes.keys()].sort()).toEqual(Object.values(keys).flat().sort());
    expect(new Set(outcomes.values())).toEqual(new Set(['saved']));
    const digests = artifactDigests(stage.simulator.world, account);
    expect(digests.size).toBeGreaterThan(60);
    expect(
      Math.max(...[...digests.keys()].map((key) => found(decodeURIComponent(key).split('/outputs/')[1] ?? '').length)),
    ).toBeGreaterThan(280);
    for (const [key, sha256] of hostingDigests(stage.simulator.world, hostingNamed(stage, 'hosting')))
      digests.set(key, sha256);
    for (const [key, sha256] of digests) expect(contents.get(key), key).toEqual([sha256]);
    const given = givenDocuments(stage, /accounts\/(wholeexp|hosting)|computes|serving/i);
    for (const { key, part, document, flags } of documents) {
      const family = found(key.split('/')[0]);
      expect(given.get(part === undefined ? family : `${family}#${part}`), key).toContain(JSON.stringify(document));
      expect(flags, key).toBeUndefined();
    }
    for (const secret of plantedSecrets) expect(text).not.toContain(secret);
    expect(receipt.totals).toMatchObject({ gaps: 0, refused: 0, saved: Object.values(keys).flat().length });
  });

  test.concurrent('keeps notifications with their ground when the request names no object id', async () => {
    const { portal } = stage;
    const account = accountNamed(stage, 'withoutid');
    const subject = { reference: 'ticket', userPrincipalName: personAt(stage, 0).upn };
    const id = await portal.begin({ action: 'export', targets: ['withoutid'], subject });
    const { hash } = found((await portal.awaitingDecision(id)).plan);
    await approve(stage, { id, hash });
    const { ledgers, receipt } = await accountOf(stage, id);
    expect([...outcomesOf(ledgers, 'exp-notifications').values()]).toMatchObject([
      {
        outcome: 'kept',
        reason: 'Notifications can be listed by Entra object id only, and the request names none: none was looked for.',
      },
    ]);
    const { 'exp-notifications': _, ...others } = accountKeys(account);
    for (const [family, keys] of Object.entries(others))
      expect([...outcomesOf(ledgers, family).keys()].sort()).toEqual(keys);
    expect(receipt.totals).toMatchObject({ kept: 1, refused: 0, gaps: 0 });
    expect(projectsOf(account)).toHaveLength(1);
  });
});

test('leaves nothing behind: no message, no answer against the specifications, nothing changed upstream', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  expect(snapshotOf(stage.simulator.world)).toEqual(before);
});
