import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { snapshotOf, type WorldSnapshot } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { accountOf, approveIfAsked } from './support/erasure.ts';
import { accountKeys, accountNamed, hostingKeys, hostingNamed, linkTo, personAt } from './support/learning-world.ts';
import { outcomesByFamily } from './support/outcomes.ts';
import { type Stage, startStage } from './support/stage.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const EVIL = 'models.evil.example';
const project = { people: [0], runs: 3, artifactsPerRun: 1, experiments: 3, assets: 3, metricsPerRun: 1 };
const small = { manifests: 0, images: 0, services: 0 };

let stage: Stage;
let before: WorldSnapshot;
beforeAll(async () => {
  const accounts = ['tokens', 'denied', 'hidden'];
  const hosts = ['paged', 'relative', 'foreign', 'elsewhere', 'lured'];
  stage = await startStage({
    targets: [],
    managed: [
      ...accounts.map((account) => ({ kind: 'experimentation', name: account, account }) as const),
      ...hosts.map((account) => ({ kind: 'model-management', name: account, account }) as const),
    ],
    world: {
      experimentation: accounts.map((name) => ({ name, workspaces: [{ name: 'alpha', projects: [project] }] })),
      modelManagement: [
        { name: 'paged', models: 5 },
        ...['relative', 'foreign', 'lured'].map((name) => ({ name, models: 3, ...small })),
        { name: 'elsewhere', dataHost: 'eu2.hosting.azureml.net' },
      ],
      behaviour: { pageSize: 2, continuation: 'token', skipTokenName: '$skiptoken' },
    },
  });
  before = snapshotOf(stage.simulator.world);
});
afterAll(() => stage?.stop());

async function exported(target: string, families: readonly string[] | 'all' = 'all') {
  const { objectId } = personAt(stage, 0);
  const subject = { reference: 't', objectId };
  const id = await stage.portal.begin({ action: 'export', targets: [target], families, subject });
  await approveIfAsked(stage, id);
  return accountOf(stage, id);
}

/** Everything is saved, and no more than that. */
async function expectAll(target: string, keys: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const { view, ledgers } = await exported(target);
  expect(view.state).toBe('completed');
  for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
  expect(new Set(ledgers.flatMap(({ items }) => items.map(({ outcome }) => outcome)))).toEqual(new Set(['saved']));
}

const hostsAsked = () => new Set(stage.simulator.calls.list.map(({ host }) => host));

describe.concurrent('a list', () => {
  test('is read to its end by tokens, over an empty page that is not the last', async () => {
    stage.simulator.faults.add({
      match: { operation: 'ListRuns', pathPattern: 'accounts/tokens/' },
      fault: { kind: 'emptyPageThatIsNotTheLast' },
      times: 1,
    });
    await expectAll('tokens', accountKeys(accountNamed(stage, 'tokens'), personAt(stage, 0)));
  });

  test('is read to its end by links that spell the option in their own way', async () => {
    stage.simulator.faults.add({
      match: { operation: 'ListModels', pathPattern: 'accounts/paged/' },
      fault: { kind: 'emptyPageThatIsNotTheLast' },
      times: 1,
    });
    await expectAll('paged', hostingKeys(hostingNamed(stage, 'paged')));
    const queries = stage.simulator.calls.list.filter(({ operation }) => operation === 'ListModels');
    expect(queries.some(({ query }) => /(\$|%24)skiptoken=/.test(query))).toBe(true);
  });

  test('is read on where the link is relative', async () => {
    const [file] = [...hostingNamed(stage, 'relative').registry.models.values()].map((one) => one.file);
    const url = linkTo(stage.simulator.world, found(file));
    const model = (id: string) => ({ id, name: id, url, tags: [] });
    const at = 'accounts/relative/models';
    stage.simulator.faults.add(
      {
        match: { pathPattern: `${at}.*page=2` },
        fault: { kind: 'answerWith', json: { value: [model('second')] } },
      },
      {
        match: { operation: 'ListModels', pathPattern: at },
        fault: {
          kind: 'answerWith',
          json: { value: [model('first')], nextLink: '?api-version=2017-09-01-preview&page=2' },
        },
      },
    );
    await expectAll('relative', {
      ...hostingKeys(hostingNamed(stage, 'relative')),
      'mm-models': ['mm-models/first', 'mm-models/second'],
    });
  });

  test('is not followed to another host: what came is kept, and the end says that it is not all', async () => {
    stage.simulator.faults.add({
      match: { operation: 'ListModels', pathPattern: 'accounts/foreign/' },
      fault: { kind: 'foreignNextLink', origin: `https://${EVIL}` },
    });
    const { view, ledgers, receipt } = await exported('foreign');
    expect(view.state).toBe('partially-completed');
    expect(outcomesByFamily(ledgers)['mm-models']).toEqual({ saved: 2 });
    expect(receipt.totals.gaps).toBe(1);
    expect([...hostsAsked()]).not.toContain(EVIL);
  });
});

describe.concurrent('the data plane of a hosting account', () => {
  test('is where the account says, if that is one of the service’s hosts', async () => {
    await expectAll('elsewhere', hostingKeys(hostingNamed(stage, 'elsewhere')));
    expect([...hostsAsked()]).toContain('eu2.hosting.azureml.net');
  });

  test('is where it usually is, if the account names a host that is not the service’s', async () => {
    const location = `https://${EVIL}/api/subscriptions/x/resourceGroups/y/accounts/lured/swagger.json`;
    stage.simulator.faults.add({
      match: { operation: '<GetHostingAccount>', pathPattern: 'accounts/lured\\b' },
      fault: {
        kind: 'answerWith',
        json: { name: 'lured', properties: { modelManagementSwaggerLocation: location } },
      },
    });
    await expectAll('lured', hostingKeys(hostingNamed(stage, 'lured')));
    expect([...hostsAsked()], 'no token went there').not.toContain(EVIL);
  });
});

describe.concurrent('an export without a permission', () => {
  test.each([
    ['ListExperiments', 'denied', 1, { 'exp-experiments': {}, 'exp-runs': { saved: 3 } }],
    ['GetContentInformation', 'denied', 0, { 'exp-artifacts': { refused: 3 } }],
    ['ListRunArtifacts', 'denied', 3, { 'exp-run-artifacts': {} }],
    ['Projects_ListByWorkspace', 'hidden', 1, { 'exp-projects': {}, 'exp-account': { saved: 1 } }],
  ] as const)('for %s on %s is never called complete', async (operation, target, gaps, outcomes) => {
    stage.simulator.faults.add({
      match: { operation, pathPattern: `accounts/${target}/` },
      fault: { kind: 'status', status: 403 },
    });
    const { view, ledgers, receipt } = await exported(target, Object.keys(outcomes));
    expect(view.state).toBe('partially-completed');
    expect(outcomesByFamily(ledgers)).toEqual(outcomes);
    expect(receipt.totals.gaps).toBe(gaps);
  });
});

test('leaves nothing behind: no message, no answer against the specifications, nothing changed', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  expect(snapshotOf(stage.simulator.world)).toEqual(before);
});
