import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { planSchema } from '../../src/lib/domain/plan.ts';
import { accountOf, approve, erase, planDelete } from './support/erasure.ts';
import { accountNamed, personAt } from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 170_000 });

const sizes = { runs: 2, artifactsPerRun: 1, assets: 0, experiments: 0 };
const SHARED = 'exp-projects/alpha/shared';
const SAVED = { families: ['cv-tags', 'cv-images'], exportFirst: true };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [{ name: 'saved' }, { name: 'unsaved' }],
    managed: [{ kind: 'experimentation', name: 'people', account: 'people' }],
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
  });
});
afterAll(() => stage?.stop());

const projectsLeft = (): string[] =>
  [...accountNamed(stage, 'people').workspaces.values()].flatMap(({ projects }) =>
    [...projects.values()].map(({ name }) => name),
  );

describe('a delete that exports first', () => {
  test.concurrent('hands over a package of all that it then erased', async () => {
    const { id, view, ledgers, receipt } = await erase(stage, 'saved', SAVED);
    expect(view.state).toBe('completed');
    const { outcomes } = await openPackage(stage, id);
    const erased = ledgers.flatMap(({ items }) => items.filter(({ outcome }) => outcome === 'erased'));
    expect([...outcomes.keys()].sort()).toEqual(erased.map(({ key }) => key).sort());
    expect(new Set(outcomes.values())).toEqual(new Set(['saved']));
    expect(receipt.asked.exportFirst).toBe(true);
    expect(receipt.totals).toMatchObject({ saved: erased.length, erased: erased.length, kept: 0, refused: 0 });
  });

  test.concurrent('erases nothing when something could not be saved', async () => {
    const rule = { match: { host: hostOf('unsaved'), operation: 'GetTags' }, after: 1 };
    stage.simulator.faults.add({ ...rule, fault: { kind: 'status', status: 403 } });
    const { view, receipt } = await erase(stage, 'unsaved', SAVED);
    expect(view.state).toBe('partially-completed');
    expect(view.outcome?.reason).toMatch(/Erasing did not begin/);
    expect(changesAt(stage.simulator, hostOf('unsaved'))).toEqual([]);
    expect(receipt.totals).toMatchObject({ erased: 0, absent: 0 });
  });
});

test('a decision that names a shared project has it planned again, and then erased with everything in it', async () => {
  const subject = { reference: 'ticket', objectId: personAt(stage, 0).objectId };
  const first = await planDelete(stage, 'people', { subject, scope: 'subject' });
  const plan = planSchema.parse((await stage.officer.call('GET', `/requests/${first.id}/plan`)).json);
  expect(plan.tasks.flatMap(({ family, shared }) => (family === 'exp-projects' ? (shared?.keys ?? []) : []))).toEqual([
    SHARED,
  ]);
  const body = { decision: 'approve', planHash: first.hash, include: [SHARED] };
  expect((await stage.deputy.call('POST', `/requests/${first.id}/decision`, { body })).status).toBe(202);
  const again = await stage.portal.awaitingDecision(first.id, 2);
  expect(projectsLeft().sort()).toEqual(['own', 'shared']);
  await approve(stage, { id: first.id, hash: again.plan?.hash });
  const { view, receipt } = await accountOf(stage, first.id);
  expect(view.state).toBe('completed');
  expect(projectsLeft()).toEqual([]);
  expect(receipt.include).toEqual([{ hmacSha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(JSON.stringify(receipt)).not.toContain(SHARED);
});
