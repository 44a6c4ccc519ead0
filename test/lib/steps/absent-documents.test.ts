import { describe, expect, it, vi } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import type { ResultLine } from '../../../src/lib/domain/ledger.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { newRecord } from '../store/support/records.ts';
import { SUBMISSION } from './support/request-stores.ts';
import { openStage, type Stage, type StageOptions } from './support/stage.ts';
import { walkAll } from './support/walking.ts';

/* Documents that answer 404: the only one of a target, and the one that says whose another is. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

const told = (lines: readonly ResultLine[]): string[] =>
  lines.flatMap((line) => {
    if (line.line === 'gap') return [`gap ${line.reason}`];
    return line.line === 'item' ? [`${line.key} ${line.outcome}`] : [];
  });

const gone = (stage: Stage, ...operations: string[]): void => {
  for (const operation of operations)
    stage.simulator.faults.add({ match: { operation }, fault: { kind: 'status', status: 404 } });
};

const roots: [string, StageOptions, string, string][] = [
  [
    'mm-account',
    { managed: { kind: 'model-management', account: 'hosting' }, world: { modelManagement: [{ name: 'hosting' }] } },
    '<GetHostingAccount>',
    '<ListHostingAccountsInGroup>',
  ],
  [
    'exp-account',
    { managed: { kind: 'experimentation', account: 'people' }, world: { experimentation: [{ name: 'people' }] } },
    'Accounts_Get',
    'Accounts_ListByResourceGroup',
  ],
  ['cv-account', { accountVersion: '1.2', world: { resources: [{}] } }, 'GetAccountInfo', 'GetProjects'],
];

describe.each(roots)('The one document of a target that answers 404: %s', (name, options, read, beside) => {
  it('is missing where what must be there beside it answers, and a gap where that does not', async () => {
    await using stage = await openStage(azurite.storage, options);
    const family = familyNamed(name);
    const walked = async (purpose: 'export' | 'inventory') => told((await walkAll(stage, { family, purpose })).lines);
    gone(stage, read);
    expect(await walked('export')).toEqual([`${name} absent`]);
    expect(await walked('inventory')).toEqual([]);
    gone(stage, beside);
    const gap = [expect.stringMatching(/^gap .+ answered 404: .+ answers 404\.$/)];
    expect(await walked('export')).toEqual(gap);
    expect(await walked('inventory')).toEqual(gap);
  });
});

describe('A metric whose run answers 404', () => {
  it('is refused in the person’s export, and a gap in their inventory: whose it is is not known', async () => {
    const project = { runs: 2, metricsPerRun: 1, artifactsPerRun: 0, people: [0] };
    await using stage = await openStage(azurite.storage, {
      managed: { kind: 'experimentation', account: 'people' },
      world: { experimentation: [{ name: 'people', workspaces: [{ projects: [{ ...project }] }] }] },
    });
    const [person] = stage.simulator.world.learning.people;
    const subject = { reference: 'r', objectId: person?.objectId ?? '' };
    const record = newRecord({ submission: { ...SUBMISSION, scope: 'subject', subject }, state: 'running' });
    const metrics = familyNamed('exp-run-metrics');
    // As below a project that isn't the person's alone: each metric is asked for by its run.
    const family = { ...metrics, within: metrics.within.map(({ personsWithin: _, ...level }) => level) };
    const walked = async (purpose: 'export' | 'inventory') =>
      told((await walkAll(stage, { family, purpose, change: { record } })).lines).sort();
    expect(await walked('export')).toEqual(Array(2).fill(expect.stringMatching(/ saved$/)));
    gone(stage, 'GetRun');
    expect(await walked('export')).toEqual(Array(2).fill(expect.stringMatching(/ refused$/)));
    const unknown = /^gap Whose it is isn't known: Run history · Get run, which would say so, answered 404\.$/;
    expect(await walked('inventory')).toEqual(Array(2).fill(expect.stringMatching(unknown)));
  });
});
