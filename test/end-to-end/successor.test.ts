import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { accountOf, approve, erase } from './support/erasure.ts';
import { givenDocuments } from './support/given.ts';
import { personAt, workspaceNamed } from './support/learning-world.ts';
import { outcomesByFamily, proofsByFamily } from './support/outcomes.ts';
import { openPackage } from './support/package.ts';
import { expectSpotless, identifiersOf } from './support/spotless.ts';
import { type Stage, startStage } from './support/stage.ts';
import { successorDigests, successorKeys } from './support/successor-world.ts';
import { keeping, type Trace } from './support/traces.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const WORKSPACES = ['exported', 'emptied', 'someones', 'nextdoor'];
const BY_ITS_OWN_CALL = ['ml-artifacts', 'ml-models', 'ml-services', 'ml-assets'];
const UNTOUCHED = ['exported', 'nextdoor'];
/** What the catalogue says where the specification has no deletion. */
const NO_DELETION = /^By hand only\. The specification of 2019-09-30 has no deletion of it/;

const sent: Trace[] = [];
let stage: Stage;
let before: ReturnType<typeof untouched>;
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: WORKSPACES.map((name) => ({ kind: 'machine-learning', name, workspace: name }) as const),
    world: {
      successor: WORKSPACES.map((name) => ({ name, runs: 5, artifactsPerRun: name === 'exported' ? 6 : 2 })),
      behaviour: { pageSize: 4, pollAfterSeconds: 1 },
    },
    between: { storage: keeping(sent) },
  });
  before = untouched();
});
afterAll(() => stage?.stop());

const untouched = () =>
  snapshotOf(stage.simulator.world).learning.workspaces.filter(({ path }) => UNTOUCHED.includes(path));

const sumOf = (keys: Readonly<Record<string, readonly string[]>>): number => Object.values(keys).flat().length;

test.concurrent('an export of a workspace of the successor holds every document and every byte', async () => {
  const keys = successorKeys(workspaceNamed(stage, 'exported'));
  const id = await stage.portal.begin({ action: 'export', targets: ['exported'] });
  const { plan } = await stage.portal.awaitingDecision(id);
  await approve(stage, { id, hash: found(plan, 'other people’s data waits for a decision').hash });
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view.state).toBe('completed');
  for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
  const { contents, documents, outcomes, reported, text } = await openPackage(stage, id);
  expect([...outcomes.keys()].sort()).toEqual(Object.values(keys).flat().sort());
  expect(new Set(outcomes.values())).toEqual(new Set(['saved']));
  expect(reported, 'a person can read of each in the report').toEqual([...outcomes.keys()].sort());
  const digests = successorDigests(stage, workspaceNamed(stage, 'exported'));
  expect(digests.size).toBe(33);
  for (const [key, sha256] of digests) expect(contents.get(key), key).toEqual([sha256]);
  const given = givenDocuments(stage, /workspaces\/exported/);
  for (const { key, document, flags } of documents) {
    expect(given.get(found(key.split('/')[0])), key).toContain(JSON.stringify(document));
    expect(flags, key).toBeUndefined();
  }
  for (const secret of plantedSecrets) expect(text).not.toContain(secret);
  expect(receipt.totals).toMatchObject({ gaps: 0, refused: 0, saved: sumOf(keys), found: sumOf(keys) });
});

test.concurrent('a delete leaves nothing upstream that has a deletion, and says of the rest why it is kept', async () => {
  const workspace = workspaceNamed(stage, 'emptied');
  const keys = successorKeys(workspace);
  const { history, registry } = workspace;
  const files = [...history.artifacts.values(), ...registry.models.values()].map(({ file }) => file);
  const { view, ledgers, receipt } = await erase(stage, 'emptied');
  expect(view.state).toBe('completed');
  for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
  const outcome = (family: string) => (BY_ITS_OWN_CALL.includes(family) ? 'erased' : 'kept');
  expect(outcomesByFamily(ledgers)).toEqual(
    Object.fromEntries(Object.entries(keys).map(([family, held]) => [family, { [outcome(family)]: held.length }])),
  );
  const reasons = ledgers.flatMap(({ items }) => items.filter((item) => item.outcome === 'kept'));
  for (const { key, reason } of reasons) expect(reason, key).toMatch(NO_DELETION);
  const proofs = proofsByFamily(receipt);
  expect(BY_ITS_OWN_CALL.map((family) => proofs[family])).toEqual(BY_ITS_OWN_CALL.map(() => ['item-404']));
  const { 'ml-experiments': _e, 'ml-runs': _r, 'ml-run-metrics': _m, ...erased } = keys;
  expect(receipt.totals).toMatchObject({
    found: sumOf(keys),
    erased: sumOf(erased),
    kept: sumOf(keys) - sumOf(erased),
    ...{ refused: 0, absent: 0, gaps: 0 },
  });
  const left = successorKeys(workspace);
  expect(Object.fromEntries(Object.entries(left).filter(([, held]) => held.length > 0))).toEqual({
    'ml-experiments': keys['ml-experiments'],
    'ml-runs': keys['ml-runs'],
    'ml-run-metrics': keys['ml-run-metrics'],
  });
  const { files: stored } = stage.simulator.world.learning;
  expect(
    files.filter((file) => stored.has(file)),
    'bytes of artifacts and models go with their records',
  ).toEqual([]);
  expect(receipt.byHand.map(({ what }) => what)).toContain(
    'The workspace, its storage account, key vault and registry',
  );
});

test.concurrent('a delete for one person takes the artifacts of that person’s runs and the models that name it', async () => {
  const workspace = workspaceNamed(stage, 'someones');
  const person = personAt(stage, 0);
  const all = successorKeys(workspace);
  const keys = successorKeys(workspace, person);
  const { objectId, upn } = person;
  const { view, ledgers, receipt } = await erase(stage, 'someones', {
    scope: 'subject',
    subject: { reference: 'ticket', objectId, userPrincipalName: upn },
  });
  expect(view.state).toBe('completed');
  for (const { family, found: held } of ledgers) expect(held, family).toEqual(keys[family]);
  const left = successorKeys(workspace);
  for (const family of BY_ITS_OWN_CALL) {
    const others = all[family]?.filter((key) => !keys[family]?.includes(key));
    expect(left[family], `${family} of other people`).toEqual(others);
  }
  expect(keys['ml-artifacts']?.length).toBeGreaterThan(0);
  expect(receipt.totals).toMatchObject({ found: sumOf(keys), refused: 0, gaps: 0 });
});

test('leaves nothing behind: no message, no neighbour changed, no secret, and people in records and documents only', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  expect(untouched()).toEqual(before);
  await expectSpotless(stage, sent, identifiersOf(stage.simulator.world.learning.people));
});
