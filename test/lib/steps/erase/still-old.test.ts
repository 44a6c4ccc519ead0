import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Artifact } from '../../../../local/simulator/world/learning/run-history.ts';
import { identityFault } from '../../../../src/lib/domain/ledger.ts';
import { successorKeys } from '../../../end-to-end/support/successor-world.ts';
import { found as certain } from '../../../end-to-end/support/until.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { eraseAll } from '../support/erasing.ts';
import { learningOf, OWN, own } from '../support/kind.ts';
import { foundLines } from '../support/prepared.ts';
import { openStage, type Stage } from '../support/stage.ts';

vi.setConfig({ testTimeout: 240_000 });
const azurite = useAzurite();
const DAY = 86_400_000;
const FAMILY = 'ml-artifacts';
const PARAMETERS = ['experimentName', 'container', 'path'];

const open = (): Promise<Stage> =>
  openStage(azurite.storage, {
    world: { successor: [{ name: OWN, experiments: 1, runs: 2 }] },
    managed: { kind: 'machine-learning', workspace: OWN },
    limits: { patienceSeconds: 60, proofSeconds: 60, pauseSeconds: 5, roundSeconds: 60, resendSeconds: 1e6 },
  });

const workspaceOf = (stage: Stage) => own(learningOf(stage).workspaces.values());
const heldBy = (stage: Stage): readonly string[] => successorKeys(workspaceOf(stage))[FAMILY] ?? [];
const pathOf = (key: string): string => decodeURIComponent(certain(key.split('/').at(-1)));
const at = (stage: Stage, key: string): [string, Artifact] =>
  certain(
    [...workspaceOf(stage).history.artifacts].find(
      ([, one]) => one.path === pathOf(key) && key.includes(one.container),
    ),
  );

/** What becomes of an item between the plan and its erasure; `attempted`: an earlier revision has called for its deletion besides. */
const fates = fc.array(fc.record({ fate: fc.constantFrom('stays', 'goes', 'made again'), attempted: fc.boolean() }), {
  minLength: 8,
  maxLength: 8,
});

describe('A retention policy’s erasure, where ids are names', () => {
  it('touches nothing that was made again under the same name, and erases what is still old', async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (all) => {
        await using stage = await open();
        const { artifacts } = workspaceOf(stage).history;
        const limit = stage.clock.now().getTime() - 30 * DAY;
        const policy = { name: 'old-files', before: new Date(limit).toISOString(), approval: 'policy' as const };
        for (const [id, one] of artifacts) artifacts.set(id, { ...one, created: limit - DAY });
        const keys = heldBy(stage);
        const found = foundLines(PARAMETERS, keys).map((line, index) => ({
          ...line,
          ...(all[index]?.attempted && { attempted: true as const }),
        }));
        expect(keys.length).toBeGreaterThan(1);
        const fateOf = new Map(keys.map((key, index) => [key, all[index]?.fate ?? 'stays']));
        for (const [key, fate] of fateOf) {
          const [id, one] = at(stage, key);
          if (fate === 'goes') artifacts.delete(id);
          if (fate === 'made again') artifacts.set(id, { ...one, created: limit + DAY });
        }
        const erased = await eraseAll(stage, FAMILY, { found, change: { policy } });
        const again = keys.filter((key) => fateOf.get(key) === 'made again');
        expect(heldBy(stage)).toEqual(again);
        expect(identityFault(FAMILY, erased.ledger.counts, 'delete')).toBeUndefined();
        for (const key of again)
          expect(erased.final(key)).toMatchObject({
            outcome: 'kept',
            reason: expect.stringMatching(/after the policy’s limit/),
          });
      }),
      { numRuns: 8 },
    );
  });

  it('is refused where upstream will not say how old an item is now', async () => {
    await using stage = await open();
    const policy = { name: 'old-files', before: stage.clock.now().toISOString(), approval: 'policy' as const };
    const keys = heldBy(stage);
    stage.simulator.faults.add({
      match: { method: 'GET', pathPattern: '/metadata' },
      fault: { kind: 'status', status: 403 },
      times: keys.length,
    });
    const erased = await eraseAll(stage, FAMILY, { found: foundLines(PARAMETERS, keys), change: { policy } });
    expect(heldBy(stage)).toEqual(keys);
    for (const key of keys)
      expect(erased.final(key)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/403/) });
  });
});
