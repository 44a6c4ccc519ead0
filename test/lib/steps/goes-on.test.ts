import { describe, expect, it, vi } from 'vitest';
import type { FoundLine } from '../../../src/lib/domain/ledger.ts';
import { cancel } from '../../../src/lib/steps/request/cancel.ts';
import { openPositions } from '../../../src/lib/steps/slice/inventory.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { crashing } from './support/crashing.ts';
import type { Driver } from './support/driver.ts';
import { type Erased, eraseAll } from './support/erasing.ts';
import { foundLines } from './support/prepared.ts';
import { OFFICER } from './support/request-stores.ts';
import { openStage, type Stage } from './support/stage.ts';

/* Deletions that upstream accepts (202) and goes on with: computes. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 240_000 });

const FAMILY = 'compute-clusters';
const DELETE = 'MachineLearningCompute_Delete';
const POLL = '<GetComputeOperation>';
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `c${index + 1}`);

const open = (count: number): Promise<Stage> =>
  openStage(azurite.storage, {
    managed: { kind: 'computes', workspace: 'busy', mayDeleteInfrastructure: true },
    world: {
      resources: [{ projects: 0 }],
      computeWorkspaces: [{ name: 'busy', computes: names(count).map((name) => ({ name, type: 'AKS' as const })) }],
      behaviour: { pollsUntilDeleted: 2 },
    },
    limits: { patienceSeconds: 100, proofSeconds: 100, pauseSeconds: 5, roundSeconds: 400, resendSeconds: 1e6 },
  });

const found = (count: number): FoundLine[] =>
  foundLines(
    ['computeName'],
    names(count).map((name) => `${FAMILY}/${name}`),
  );
const erased = (stage: Stage, count: number, rest: Partial<Parameters<typeof eraseAll>[2]> = {}): Promise<Erased> =>
  eraseAll(stage, FAMILY, { found: found(count), ...rest });

const left = ({ simulator }: Stage): string[] =>
  [...simulator.world.learning.workspaces.values()].flatMap(({ computes }) => [...computes.keys()]);
const callsOf = ({ simulator }: Stage): string[] =>
  simulator.calls.list.map(({ operation }) => operation).filter((name) => name === DELETE || name === POLL);
const outcomes = (of: Erased, count: number): string[] =>
  names(count).map((name) => of.final(`${FAMILY}/${name}`).outcome);
const all = (count: number, outcome: string): string[] => names(count).map(() => outcome);

describe('Deletions that upstream goes on with', () => {
  it('are begun one after another, ten of them at most going on, and asked after together', async () => {
    await using stage = await open(23);
    const of = await erased(stage, 23);
    expect(outcomes(of, 23)).toEqual(all(23, 'erased'));
    expect(left(stage)).toEqual([]);
    const calls = callsOf(stage);
    expect(calls.slice(0, 11)).toEqual([...all(10, DELETE), POLL]);
    expect(calls.filter((name) => name === DELETE)).toHaveLength(23);
    // Nobody is asked after more often than it takes: twice while it runs, once at its end.
    expect(calls.filter((name) => name === POLL).length).toBeLessThanOrEqual(23 * 3);
  });

  it('do not hold up one another: one fails, one never ends, the others are gone', async () => {
    await using stage = await open(12);
    stage.simulator.faults.add(
      { match: { operation: DELETE, pathPattern: '/c2[?]' }, fault: { kind: 'answeredButNotDone' } },
      { match: { operation: DELETE, pathPattern: '/c5[?]' }, fault: { kind: 'status', status: 409 } },
    );
    const of = await erased(stage, 12);
    expect(of.final(`${FAMILY}/c2`)).toMatchObject({ outcome: 'refused', reason: 'The deletion goes on.' });
    expect(of.final(`${FAMILY}/c5`)).toMatchObject({ outcome: 'refused' });
    expect(left(stage)).toEqual(['c2', 'c5']);
    expect(outcomes(of, 12).filter((outcome) => outcome === 'erased')).toHaveLength(10);
  });

  it('are looked at and told when the request is withdrawn meanwhile; nothing more is begun', async () => {
    await using stage = await open(14);
    const before = stage.deps.upstream.poll;
    // Withdrawn when the first of them is asked after.
    const withdrawing = async (driver: Driver, requestId: Parameters<typeof cancel>[1]['requestId']) => {
      driver.deps = {
        ...stage.deps,
        upstream: {
          ...stage.deps.upstream,
          poll: async (...given: Parameters<typeof before>) => {
            await cancel(stage.deps, { requestId, actor: OFFICER });
            return before(...given);
          },
        },
      };
    };
    const of = await erased(stage, 14, { begin: (driver, at) => withdrawing(driver, at.requestId) });
    expect(callsOf(stage).filter((name) => name === DELETE)).toHaveLength(10);
    // Whatever upstream has come to by then is what each final line says.
    const there = left(stage);
    expect(there).toEqual(expect.arrayContaining(['c11', 'c12', 'c13', 'c14']));
    for (const name of names(14))
      expect({ name, erased: of.final(`${FAMILY}/${name}`).outcome === 'erased' }).toEqual({
        name,
        erased: !there.includes(name),
      });
    for (const name of ['c11', 'c12', 'c13', 'c14'])
      expect(of.final(`${FAMILY}/${name}`)).toMatchObject({
        outcome: 'kept',
        reason: expect.stringContaining('cancelled'),
      });
  });

  it('each end once, whenever the process ends', async () => {
    const COUNT = 3;
    for (let k = 0; ; k += 9) {
      await using stage = await open(COUNT);
      const faulty = crashing(stage.deps, k, 'after');
      const of = await erased(stage, COUNT, {
        begin: async (driver) => {
          driver.deps = faulty.deps;
        },
      });
      expect({ k, outcomes: outcomes(of, COUNT) }).toEqual({ k, outcomes: all(COUNT, 'erased') });
      expect({ k, left: left(stage) }).toEqual({ k, left: [] });
      if (faulty.calls <= k) break;
    }
  });

  it('are told by a slice that is given up, like all that comes after them', () => {
    const after = '2026-03-01T12:00:00.000Z';
    const isOpen = openPositions({ from: 5, goesOn: [{ at: 1, pollUrl: 'https://management.azure.com/x', after }] });
    expect([0, 1, 2, 3, 4, 5, 6].filter(isOpen)).toEqual([1, 5, 6]);
  });
});
