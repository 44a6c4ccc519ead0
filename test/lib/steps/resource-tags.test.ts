import { expect, it, vi } from 'vitest';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { useStage } from './support/use-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAIL = 'tess.tagged@contoso.example';
const subject = { reference: 'r', objectId: '1f1e1d1c-2b2a-4c3d-9e4f-5a5b5c5d5e5f', email: MAIL };
const families = ['exp-account', 'exp-workspaces', 'exp-projects'];
const sizes = { runs: 1, metricsPerRun: 0, artifactsPerRun: 0, assets: 0, experiments: 0 };
const empty = { ...sizes, runs: 0 };
const at = useStage({
  managed: { kind: 'experimentation', account: 'tagged' },
  world: {
    experimentation: [
      {
        name: 'tagged',
        workspaces: [
          {
            name: 'alpha',
            projects: [
              { name: 'theirs', ...sizes, people: [0] },
              { name: 'empty', ...empty },
              { name: 'quoted', ...empty },
            ],
          },
          { name: 'beta', projects: [] },
        ],
      },
    ],
  },
});

/** The simulator's own answers, with tags by name of the resource. */
function tag(tags: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  const { simulator } = at.stage;
  const resource = (name: string) => ({ id: `/x/${name}`, name, location: 'eastus2', tags: tags[name] ?? {} });
  const answers = {
    Accounts_Get: resource('tagged'),
    Workspaces_ListByAccounts: { value: ['alpha', 'beta'].map(resource) },
    Projects_ListByWorkspace: { value: ['theirs', 'empty', 'quoted'].map(resource) },
  };
  for (const [operation, json] of Object.entries(answers)) {
    const path = operation.startsWith('Projects') ? { pathPattern: 'workspaces/alpha/' } : {};
    simulator.faults.add({ match: { operation, ...path }, fault: { kind: 'answerWith', json } });
  }
}

it('resources whose tags name the person, as a whole value, are theirs to see, and are not erased for that', async () => {
  tag({
    tagged: { owner: MAIL.toUpperCase() },
    beta: { team: 'x', contact: subject.objectId },
    alpha: { contact: `ask ${MAIL}` },
    theirs: { owner: 'somebody else' },
    empty: { secret: MAIL },
    quoted: { owner: `${MAIL}, others` },
  });
  const driver = new Driver(at.stage);
  const exported = await driver.submit({ action: 'export', families, scope: 'subject', subject });
  await driver.toTheEnd(exported);
  const named = ['exp-account/tagged', 'exp-projects/alpha/empty', 'exp-workspaces/beta'];
  const ledgers = await ledgersOf(at.stage, exported);
  expect(finalsOf(ledgers)).toEqual(named.map((key) => `${key} saved`));
  expect(JSON.stringify(ledgers)).toContain(`"tags":{"secret":"${MAIL}"}`);

  const deleted = await driver.submit({ action: 'delete', families, scope: 'subject', subject });
  await driver.run(deleted);
  const plan = await at.stage.deps.documents.read({ requestId: deleted, name: 'plan.json' }, planSchema);
  expect(plan?.tasks.flatMap(({ shared }) => shared?.keys ?? []).sort()).toEqual(named);
  expect((await driver.toTheEnd(deleted)).state).toBe('completed');
  expect(finalsOf(await ledgersOf(at.stage, deleted))).toEqual(named.map((key) => `${key} kept`));
  const changes = at.stage.simulator.calls.list.filter(({ method }) => method === 'DELETE');
  expect(changes).toEqual([]);
});
