import { expect, it, vi } from 'vitest';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import { receiptSchema } from '../../../src/lib/domain/receipt.ts';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { viewRequest } from '../../../src/lib/steps/request/view.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { useStage } from './support/use-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

const sizes = { runs: 4, metricsPerRun: 0, artifactsPerRun: 0, assets: 0, experiments: 0 };
const at = useStage({
  managed: { kind: 'experimentation', account: 'people' },
  world: {
    experimentation: [{ name: 'people', workspaces: [{ name: 'alpha', projects: [{ ...sizes, people: [0] }] }] }],
  },
});

/** Of four runs, two tell their creator's principal name; the others a display name. All tell the object id. */
function named(by: 'upn' | 'objectId'): Pick<Submission, 'scope' | 'subject'> {
  const [person] = at.stage.simulator.world.learning.people;
  if (!person) throw new Error('Nobody is there.');
  const identifier = by === 'upn' ? { userPrincipalName: person.upn } : { objectId: person.objectId };
  return { scope: 'subject', subject: { reference: 'r', ...identifier } };
}

const NOTICE = /^It names people by Entra object id, which the request does not give/;

it('an export by principal name alone misses what is known by object id only, and the receipt says so', async () => {
  const { deps } = at.stage;
  const driver = new Driver(at.stage);
  const runsBy = async (by: 'upn' | 'objectId') => {
    const requestId = await driver.submit({ action: 'export', families: ['exp-runs'], ...named(by) });
    await driver.toTheEnd(requestId);
    const receipt = await deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
    const search = receipt?.revisions[0]?.tasks[0]?.search;
    return { search, found: finalsOf(await ledgersOf(at.stage, requestId)).length };
  };
  expect(await runsBy('upn')).toEqual({
    found: 2,
    search: {
      by: ['objectId', 'userPrincipalName', 'email'],
      given: ['userPrincipalName'],
      notice: expect.stringMatching(NOTICE),
    },
  });
  expect(await runsBy('objectId')).toMatchObject({ found: 4, search: { given: ['objectId'] } });
});

it('the plan of a delete tells whoever decides by what each family can be searched, and by what it was', async () => {
  const driver = new Driver(at.stage);
  const requestId = await driver.submit({ action: 'delete', families: ['exp-projects'], ...named('upn') });
  await driver.run(requestId);
  const plan = await at.stage.deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  const notices = new Map(plan?.tasks.map(({ family, search }) => [family, search?.notice]));
  expect(notices.get('exp-runs')).toMatch(NOTICE);
  expect(notices.get('exp-notifications')).toMatch(
    /^Notifications can be listed by Entra object id only, .* are neither listed nor saved\.$/,
  );
  // What names the person by object id only counts as somebody else's: the project isn't theirs alone.
  expect(plan?.tasks.find(({ family }) => family === 'exp-projects')?.shared?.keys).toHaveLength(1);
  expect(JSON.stringify(plan)).not.toContain('contoso');
});

it('a copy keeps notifications without an object id as not looked for, and the receipt says beside it that they went with the project', async () => {
  const { deps } = at.stage;
  const driver = new Driver(at.stage);
  const order = { ...named('upn'), scope: 'target' as const, exportFirst: true, families: ['exp-projects'] };
  const requestId = await driver.submit({ action: 'delete', ...order });
  expect((await driver.toTheEnd(requestId)).state).toBe('completed');
  const receipt = await deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  const tasks = receipt?.revisions[0]?.tasks.filter(({ family }) => family === 'exp-notifications');
  const ground =
    'Notifications can be listed by Entra object id only, and the request names none: none was looked for.';
  const notice = expect.stringMatching(/none was looked for\. .* all notifications of the project go with it;/);
  expect(tasks).toMatchObject([
    { way: 'parent', counts: { found: 0 }, search: { notice } },
    { role: 'export-first', counts: { found: 1, kept: 1 }, grounds: { kept: [{ ground }] }, search: { notice } },
  ]);
  expect(receipt?.faults).toEqual([]);
  expect(finalsOf(await ledgersOf(at.stage, requestId))).toContainEqual(
    expect.stringMatching(/^exp-projects\/alpha\/.+ erased item-404$/),
  );
});

it('a person known by mail only: status, plan and receipt say what can be looked for by object id only, and notifications are kept on that ground', async () => {
  const { deps } = at.stage;
  const driver = new Driver(at.stage);
  const subject = { reference: 'r', email: 'somebody.by.mail@contoso.example' };
  const families = ['exp-runs', 'exp-notifications'];
  const requestId = await driver.submit({ action: 'export', scope: 'subject', families, subject });
  expect((await driver.toTheEnd(requestId)).state).toBe('completed');
  const none = /^Notifications can be listed by Entra object id only, .*: none was looked for\.$/;
  const told = [
    { family: 'exp-runs', search: { given: ['email'], notice: expect.stringMatching(NOTICE) } },
    { family: 'exp-notifications', search: { given: [], notice: expect.stringMatching(none) } },
  ];
  const view = await viewRequest(deps, requestId);
  expect(view?.tasks).toMatchObject(told);
  const receipt = await deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  expect(receipt?.revisions[0]?.tasks).toMatchObject(told);
  const [, notifications] = receipt?.revisions[0]?.tasks ?? [];
  expect(notifications?.grounds.kept).toMatchObject([{ ground: expect.stringMatching(none), items: 1 }]);

  const erasing = await driver.submit({ action: 'delete', scope: 'subject', families: ['exp-projects'], subject });
  await driver.run(erasing);
  const plan = await deps.documents.read({ requestId: erasing, name: 'plan.json' }, planSchema);
  expect(plan?.tasks.find(({ family }) => family === 'exp-runs')).toMatchObject({ search: told[0]?.search });
  for (const text of [view, receipt, plan]) expect(JSON.stringify(text)).not.toContain('by.mail');
});
