import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { FaultRule } from '../../../../local/simulator/faults/rules.ts';
import { changeWorld } from '../../../../local/simulator/world/change.ts';
import type { Project } from '../../../../local/simulator/world/model.ts';
import { identityFault } from '../../../../src/lib/domain/ledger.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { eraseAll, inventoryOf } from '../support/erasing.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });
const sizes = { tags: 3, taggedImages: 4, untaggedImages: 2, deletedImages: 1, imageBytes: 10, exports: 0 };
const open = (
  limits: Partial<Stage['deps']['limits']> = {},
  behaviour: { callsUntilDeleted?: number } = {},
): Promise<Stage> =>
  openStage(azurite.storage, {
    world: { resources: [{ projects: [sizes] }], behaviour },
    limits: {
      patienceSeconds: 600,
      proofSeconds: 600,
      pauseSeconds: 5,
      roundSeconds: 60,
      resendSeconds: 1e6,
      ...limits,
    },
  });

const projectOf = (stage: Stage): Project => {
  const [project] = stage.resource.projects.values();
  if (!project) throw new Error('The world has no project.');
  return project;
};

const FAMILIES = ['cv-tags', 'cv-images', 'cv-iterations'] as const;
type FamilyName = (typeof FAMILIES)[number];

/** Somebody else deletes an item. */
function taken(project: Project, family: FamilyName, key: string): void {
  const id = key.slice(-36);
  const sets = [project.workspace, ...[...project.iterations.values()].map(({ trainingSet }) => trainingSet)];
  if (family === 'cv-tags') project.workspace.tags.delete(id);
  else if (family === 'cv-iterations') project.iterations.delete(id);
  else for (const { images } of sets) images.delete(id);
}

/** Somebody else adds an item. */
function added(stage: Stage, family: FamilyName): void {
  const project = projectOf(stage);
  if (family === 'cv-images') changeWorld(stage.simulator.world, { change: 'addImages', projectId: project.id });
  if (family === 'cv-iterations') changeWorld(stage.simulator.world, { change: 'train', projectId: project.id });
  const id = '00000000-0000-4000-8000-000000000000';
  if (family === 'cv-tags') project.workspace.tags.set(id, { id, name: 'new', description: null, type: 'Regular' });
}

/** What upstream does to deletions for a while. */
const faults: fc.Arbitrary<FaultRule[]> = fc.array(
  fc.record({
    match: fc.constant({ method: 'DELETE' }),
    fault: fc.constantFrom<FaultRule['fault']>(
      { kind: 'throttled', retryAfterSeconds: 30 },
      { kind: 'status', status: 503 },
      { kind: 'resetBeforeAnswer' },
      { kind: 'resetAfterEffect' },
      { kind: 'answeredButNotDone', afterCalls: 3 },
      { kind: 'deleteRefusedForAWhile' },
    ),
    after: fc.nat(3),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 2 },
);

const situations = fc.record({
  family: fc.constantFrom(...FAMILIES),
  rules: faults,
  gone: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  more: fc.boolean(),
  sliceSeconds: fc.constantFrom(60, 0.001),
});

describe('An erasure in a world that changes', () => {
  it('says erased of what it made go, never that it saw go what others took, and leaves alone what came later', async () => {
    await fc.assert(
      fc.asyncProperty(situations, async ({ family, rules, gone, more, sliceSeconds }) => {
        await using stage = await open({ sliceSeconds });
        const found = inventoryOf(stage, family);
        const others = new Set(found.filter((_, index) => gone[index]).map(({ key }) => key));
        for (const key of others) taken(projectOf(stage), family, key);
        if (more) added(stage, family);
        const before = keysIn(stage.resource, family);
        const later = before.filter((key) => !found.some((line) => line.key === key));
        stage.simulator.faults.add(...rules);
        const erased = await eraseAll(stage, family, { found });
        const left = keysIn(stage.resource, family);
        expect(identityFault(family, erased.ledger.counts, 'delete')).toBeUndefined();
        expect(left).toEqual(expect.arrayContaining(later));
        for (const { key } of found) {
          const line = erased.final(key);
          const isGone = line.outcome === 'erased' || line.outcome === 'absent';
          expect({ key, line, isGone }).toEqual({ key, line, isGone: !left.includes(key) });
          if (isGone && !others.has(key)) expect(line).toMatchObject({ outcome: 'erased' });
          if (others.has(key)) expect(line.cause).not.toBe('observed');
          if (isGone) expect(line.proof).toBeDefined();
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('An item whose deletion was carried out and its answer lost', () => {
  it('is erased, not absent, though the next slice is the first to hear that it is missing', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags');
    stage.simulator.faults.add({
      match: { method: 'DELETE' },
      fault: { kind: 'resetAfterEffect' },
      after: 1,
      times: 1,
    });
    const erased = await eraseAll(stage, 'cv-tags', { found });
    for (const { key } of found) expect(erased.final(key)).toMatchObject({ outcome: 'erased', proof: 'item-404' });
  });

  it('is erased, not absent, though the next answer says that ids are unknown, or refuses', async () => {
    const refusals = [
      [{ kind: 'answerWith', status: 400, json: { code: 'BadRequestInvalidIds', message: 'unknown' } }],
      // Long enough for the slice to wait: the refusal is what its next turn hears first.
      [
        { kind: 'status', status: 503, retryAfterSeconds: 40 },
        { kind: 'status', status: 403 },
      ],
    ] satisfies FaultRule['fault'][][];
    for (const faults of refusals) {
      await using stage = await open({}, { callsUntilDeleted: 0 });
      const found = inventoryOf(stage, 'cv-images');
      stage.simulator.faults.add(
        { match: { method: 'DELETE' }, fault: { kind: 'resetAfterEffect' }, times: 1 },
        ...faults.map((fault) => ({ match: { method: 'DELETE' }, fault, times: 1 })),
      );
      const erased = await eraseAll(stage, 'cv-images', { found });
      for (const { key } of found) expect(erased.final(key)).toMatchObject({ outcome: 'erased', cause: 'unobserved' });
    }
  });

  it('is erased, not “gone, but not by this request”, when patience is over before upstream speaks again', async () => {
    await using stage = await open({ patienceSeconds: 60 });
    const found = inventoryOf(stage, 'cv-tags');
    stage.simulator.faults.add(
      { match: { method: 'DELETE' }, fault: { kind: 'resetAfterEffect' }, times: 1 },
      { match: { method: 'DELETE' }, fault: { kind: 'status', status: 503, retryAfterSeconds: 40 } },
    );
    const erased = await eraseAll(stage, 'cv-tags', { found });
    const left = keysIn(stage.resource, 'cv-tags');
    expect(left).toHaveLength(found.length - 1);
    for (const { key } of found) {
      const expected = left.includes(key) ? 'refused' : 'erased';
      expect(erased.final(key)).toMatchObject({ outcome: expected });
      if (expected === 'refused') expect(erased.final(key).reason).toMatch(/503/);
    }
  });
});

describe('An item that somebody else deleted after the plan', () => {
  const oneTaken = async (family: FamilyName) => {
    await using stage = await open();
    const found = inventoryOf(stage, family);
    const [first, ...others] = found.map(({ key }) => key);
    if (first === undefined) throw new Error('There is nothing to erase.');
    taken(projectOf(stage), family, first);
    const erased = await eraseAll(stage, family, { found });
    return { first: erased.final(first), others: others.map((key) => erased.final(key)) };
  };

  it('is absent where items go one by one', async () => {
    const { first, others } = await oneTaken('cv-tags');
    expect(first).toMatchObject({ outcome: 'absent' });
    for (const line of others) expect(line).toMatchObject({ outcome: 'erased', cause: 'observed' });
  });

  it('is told as accepted in a batch where one call takes many, and so are the others in it', async () => {
    const { first, others } = await oneTaken('cv-images');
    for (const line of [first, ...others]) expect(line).toMatchObject({ outcome: 'erased', cause: 'in-batch' });
  });
});

describe('An erasure that is to come to its end', () => {
  const cancel = { at: '2026-03-01T00:00:00.000Z', actor: 'portal', reason: 'withdrawn' };

  it('begins nothing: what was not attempted is kept, with that ground', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags');
    const erased = await eraseAll(stage, 'cv-tags', { found, change: { cancel } });
    for (const { key } of found)
      expect(erased.final(key)).toMatchObject({ outcome: 'kept', reason: expect.stringMatching(/cancelled/) });
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('looks at what it had begun: gone is erased, the rest is kept', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-images');
    const [first] = found;
    if (first) taken(projectOf(stage), 'cv-images', first.key);
    stage.simulator.faults.add({
      match: { method: 'DELETE' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 5 },
    });
    let waited = 0;
    const { deps } = stage;
    const cancelling = {
      ...deps,
      log: (event: string) => {
        if (event === 'slice-waits') waited += 1;
      },
    };
    const withCancel: Stage = { ...stage, deps: cancelling, [Symbol.asyncDispose]: async () => undefined };
    const erased = await eraseAll(withCancel, 'cv-images', { found, change: { deadline: '2026-03-01T12:01:00.000Z' } });
    expect(waited).toBeGreaterThan(0);
    for (const { key } of found) {
      const outcome = key === first?.key ? 'erased' : 'kept';
      expect(erased.final(key)).toMatchObject({ key, outcome });
    }
  });
});

describe('What upstream refuses', () => {
  it('is refused with upstream’s own reason, and the others go', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags');
    const [first] = found;
    stage.simulator.faults.add({
      match: { method: 'DELETE', pathPattern: first?.key.slice(-36) ?? '' },
      fault: { kind: 'status', status: 403 },
    });
    const erased = await eraseAll(stage, 'cv-tags', { found });
    for (const { key } of found) {
      expect(erased.final(key)).toMatchObject(
        key === first?.key ? { outcome: 'refused', reason: expect.stringMatching(/403/) } : { outcome: 'erased' },
      );
    }
  });

  it('is found by halves where a call takes many: one bad id spoils no other', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-images');
    const bad = found.at(3);
    stage.simulator.faults.add({
      match: { method: 'DELETE', pathPattern: bad?.key.slice(-36) ?? '' },
      fault: { kind: 'answerWith', status: 400, json: { code: 'BadRequestInvalidIds', message: 'unknown' } },
    });
    const erased = await eraseAll(stage, 'cv-images', { found });
    for (const { key } of found) {
      expect(erased.final(key).outcome).toBe(key === bad?.key ? 'refused' : 'erased');
    }
  });

  it('stays refused when an accepted deletion never happens, after the time that a proof may take', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags');
    const began = stage.clock.now().getTime();
    stage.simulator.faults.add({ match: { method: 'DELETE' }, fault: { kind: 'answeredButNotDone' } });
    const erased = await eraseAll(stage, 'cv-tags', { found });
    for (const { key } of found)
      expect(erased.final(key)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/still there/) });
    expect((stage.clock.now().getTime() - began) / 1000).toBeGreaterThanOrEqual(600);
  });

  it('is not believed to be gone where the control of the proof does not answer', async () => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags');
    const erased = await eraseAll(stage, 'cv-tags', {
      found,
      between: async () => {
        stage.simulator.faults.add({ match: { operation: 'GetProject' }, fault: { kind: 'status', status: 403 } });
      },
    });
    for (const { key } of found)
      expect(erased.final(key)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/proved/) });
  });
});
