import { expect, it, vi } from 'vitest';
import { plantedSecrets } from '../../../local/simulator/world/learning/secrets.ts';
import { MASKED } from '../../../src/lib/domain/masking.ts';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import { receiptSchema } from '../../../src/lib/domain/receipt.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { useStage } from './support/use-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

const at = useStage({ accountVersion: '1.2', world: { resources: [{ projects: 1 }] } });
const families = ['cv-account'];
const owner = { reference: 'case-1', email: 'ada@contoso.example' };

it('account info is exported as its owner’s, members kept as they are and every key masked', async () => {
  const driver = new Driver(at.stage);
  const requestId = await driver.submit({ action: 'export', families, scope: 'subject', subject: owner });
  expect((await driver.toTheEnd(requestId)).state).toBe('completed');
  const ledgers = await ledgersOf(at.stage, requestId);
  expect(finalsOf(ledgers)).toEqual(['cv-account/account saved']);
  const [document] = ledgers.flatMap(({ lines }) => lines.filter((line) => line.line === 'document'));
  expect(document?.document).toMatchObject({
    UserName: 'Ada Lovelace',
    Email: 'ada@contoso.example',
    Keys: { TrainingKeys: MASKED, PredictionKeys: MASKED },
    Quotas: { Tier: 'S0', PerProject: [{ ProjectId: expect.any(String) }] },
  });
  const text = JSON.stringify(ledgers);
  for (const key of [...at.stage.resource.keys, ...plantedSecrets]) expect(text).not.toContain(key);
});

it('account info of somebody else is not the person’s; an export of everything says that it is in it, and waits', async () => {
  const driver = new Driver(at.stage);
  const subject = {
    reference: 'case-2',
    email: 'somebody@contoso.example',
    userPrincipalName: 'somebody@contoso.example',
  };
  const theirs = await driver.submit({ action: 'export', families, scope: 'subject', subject });
  await driver.toTheEnd(theirs);
  expect(finalsOf(await ledgersOf(at.stage, theirs))).toEqual([]);
  const all = await driver.submit({ action: 'export', families, scope: 'target', subject });
  await driver.run(all);
  expect((await driver.record(all)).state).toBe('awaiting-decision');
  const own = await driver.submit({ action: 'export', families, scope: 'target', subject: owner });
  await driver.run(own);
  expect((await driver.record(own)).state).toBe('completed');
});

it('a delete plans account info as something that only a person can erase, and the receipt keeps saying so', async () => {
  const { deps } = at.stage;
  const driver = new Driver(at.stage);
  const requestId = await driver.submit({ action: 'delete', families, scope: 'subject', subject: owner });
  await driver.run(requestId);
  const plan = await deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  expect(plan?.tasks).toMatchObject([{ family: 'cv-account', way: 'hand', counts: { found: 1 } }]);
  expect(plan?.tasks[0]?.search).toMatchObject({ by: ['userPrincipalName', 'email'], given: ['email'] });
  await driver.toTheEnd(requestId);
  const receipt = await deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  expect(receipt?.byHand).toMatchObject([{ what: 'Account Info (Subscription Keys)' }]);
  expect(finalsOf(await ledgersOf(at.stage, requestId))).toEqual(['cv-account/account kept']);
});
