import { describe, expect, it, vi } from 'vitest';
import type { Run, RunHistory } from '../../../local/simulator/world/learning/run-history.ts';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import type { ItemLine } from '../../../src/lib/domain/ledger.ts';
import type { RequestRecord } from '../../../src/lib/domain/request.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { newRecord } from '../store/support/records.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { SUBMISSION } from './support/request-stores.ts';
import { openStage, type Stage, type StageOptions } from './support/stage.ts';
import { walkAll } from './support/walking.ts';

/* Containers of artifacts, of which a run names one that need not be its own. Runs are two people's in turn; each has one artifact. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

const sizes = { runs: 4, artifactsPerRun: 1, metricsPerRun: 0, assets: 0, people: [0, 1], wildNames: false };
const behaviour = { pageSize: 1 };
const ofSuccessor: StageOptions = {
  managed: { kind: 'machine-learning', workspace: 'lab' },
  world: { behaviour, successor: [{ name: 'lab', ...sizes, dataContainers: 'none' }] },
};
const experimentsThat = (behave: { pageSize?: number; runIdAsContainer?: boolean }): StageOptions => ({
  managed: { kind: 'experimentation', account: 'people' },
  world: {
    behaviour: behave,
    experimentation: [{ name: 'people', workspaces: [{ projects: [{ ...sizes, dataContainers: 'all' }] }] }],
  },
});
const ofExperiments = experimentsThat(behaviour);

interface Lab {
  readonly stage: Stage;
  readonly history: RunHistory;
  /** Of the first person, the second, and so on in turn. */
  readonly runs: readonly [Run, Run, Run, Run];
}

async function open(options: StageOptions): Promise<Lab & AsyncDisposable> {
  const stage = await openStage(azurite.storage, options);
  const { workspaces, experimentationAccounts } = stage.simulator.world.learning;
  const projects = [...experimentationAccounts.values()]
    .flatMap((account) => [...account.workspaces.values()])
    .flatMap((workspace) => [...workspace.projects.values()]);
  const history = [...workspaces.values(), ...projects].find((one) => one.history.runs.size === 4)?.history;
  const [one, two, three, four] = history?.runs.values() ?? [];
  if (!history || !one || !two || !three || !four) throw new Error('The world has too few runs.');
  return { stage, history, runs: [one, two, three, four], [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

const containerOf = (run: Run): string => run.dataContainerId ?? run.id;

/** From now on the run says that its artifacts lie in that container. */
const nameContainer = ({ history }: Lab, run: Run, container: string): void => {
  history.runs.set(run.id, { ...run, dataContainerId: container });
};

/** The first person, of whom alone the request is. */
function ofFirst({ stage }: Lab, change: Partial<RequestRecord> = {}): { record: RequestRecord } {
  const subject = { reference: 'r', objectId: stage.simulator.world.learning.people[0]?.objectId ?? '' };
  const submission = { ...SUBMISSION, scope: 'subject' as const, subject };
  return { record: newRecord({ submission, state: 'running', run: { n: 1, ended: false }, ...change }) };
}

async function walked({ stage }: Lab, name: string, change: { record?: RequestRecord } = {}) {
  const family = familyNamed(name);
  const lines = async (purpose: 'export' | 'inventory') => (await walkAll(stage, { family, purpose, change })).lines;
  const ends = (await lines('export')).filter((line) => line.line === 'item');
  const found = (await lines('inventory')).filter((line) => line.line === 'found');
  return { ends, found };
}

/** What became of artifacts, by the container or run that stands in their keys. */
const outcomes = (ends: readonly ItemLine[]): string[] =>
  ends.map(({ key, outcome }) => `${key.split('/').at(-2)} ${outcome}`).sort();

describe.each([
  ['of runs of the successor, in two experiments', ofSuccessor, 'ml-artifacts'],
  ['of runs of a project', ofExperiments, 'exp-artifacts'],
])('A container %s', (_, options, family) => {
  it('that a colleague’s run names too is kept in the person’s requests, and their other ones are not', async () => {
    await using lab = await open(options);
    const [own, colleagues, alone] = lab.runs;
    const ground = 'It concerns 1 other person too.';
    nameContainer(lab, colleagues, containerOf(own));
    const { ends, found } = await walked(lab, family, ofFirst(lab));
    expect(outcomes(ends)).toEqual([`${containerOf(own)} kept`, `${containerOf(alone)} saved`].sort());
    expect(ends.find(({ outcome }) => outcome === 'kept')?.reason).toBe(ground);
    const shared = found.filter(({ others }) => others === 1).map(({ key }) => key);
    expect(found).toHaveLength(2);
    expect(shared).toEqual([expect.stringContaining(`/${containerOf(own)}/`)]);
    const decided = await walked(lab, family, ofFirst(lab, { include: shared }));
    expect(decided.found.filter(({ others }) => others !== undefined)).toEqual([]);
    expect(new Set(decided.ends.map(({ outcome }) => outcome))).toEqual(new Set(['saved']));
    const tags = { reviewer: own.createdBy?.upn ?? '' };
    lab.history.runs.set(colleagues.id, { ...colleagues, dataContainerId: containerOf(own), createdBy: null, tags });
    const unnamed = (await walked(lab, family, ofFirst(lab))).ends.find(({ outcome }) => outcome === 'kept');
    expect(unnamed?.reason, 'a run without an owner that only mentions the person').toBe(ground);
  });

  it('that several runs name is saved once in a request for everything, whether it is called like one of them or like none', async () => {
    await using lab = await open(options);
    const [first, second, third, fourth] = lab.runs;
    nameContainer(lab, second, containerOf(first));
    nameContainer(lab, fourth, containerOf(third));
    const called = [`${containerOf(first)} saved`, `${containerOf(third)} saved`].sort();
    expect(outcomes((await walked(lab, family)).ends)).toEqual(called);
    nameContainer(lab, first, containerOf(second));
    nameContainer(lab, second, containerOf(second));
    for (const run of [first, third, fourth]) nameContainer(lab, run, containerOf(second));
    expect(outcomes((await walked(lab, family)).ends)).toEqual([`${containerOf(second)} saved`]);
    for (const run of lab.runs) nameContainer(lab, run, 'nobodys');
    for (const [id, artifact] of [...lab.history.artifacts].slice(0, 1))
      lab.history.artifacts.set(id.replace(artifact.container, 'nobodys'), { ...artifact, container: 'nobodys' });
    expect(outcomes((await walked(lab, family)).ends)).toEqual(['nobodys saved']);
  });
});

describe('A container of the successor', () => {
  it('is not taken for the person’s alone where runs could not be read', async () => {
    await using lab = await open(ofSuccessor);
    const other = [...lab.history.experiments.values()].find(({ id }) => id === lab.runs[1].experimentId);
    const pathPattern = encodeURIComponent(other?.name ?? '');
    lab.stage.simulator.faults.add({
      match: { operation: 'Runs_GetByQuery', pathPattern },
      fault: { kind: 'status', status: 403 },
    });
    const { ends } = await walked(lab, 'ml-artifacts', ofFirst(lab));
    expect(ends.map(({ outcome }) => outcome)).toEqual(['kept', 'kept']);
  });

  it('that a colleague’s run names too outlives the person’s delete, and the receipt’s ledger says why', async () => {
    await using lab = await open(ofSuccessor);
    const [own, colleagues] = lab.runs;
    nameContainer(lab, colleagues, containerOf(own));
    const driver = new Driver(lab.stage);
    const { submission } = ofFirst(lab).record;
    const requestId = await driver.submit({ ...submission, action: 'delete', families: ['ml-artifacts'] });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(finalsOf(await ledgersOf(lab.stage, requestId)).map((final) => final.replace(/^.*\/\S+ /, ''))).toEqual([
      'kept',
      'erased item-404',
    ]);
    expect([...lab.history.artifacts.values()].map(({ container }) => container)).toContain(containerOf(own));
    expect(lab.history.artifacts.size).toBe(3);
  });
});

describe('What the run history lists below a run', () => {
  it('is kept where another person’s run names the same container', async () => {
    await using lab = await open(ofExperiments);
    const [own, colleagues, alone] = lab.runs;
    nameContainer(lab, colleagues, containerOf(own));
    const { ends } = await walked(lab, 'exp-run-artifacts', ofFirst(lab));
    expect(outcomes(ends)).toEqual([`${own.id} kept`, `${alone.id} saved`].sort());
  });
});

describe('An artifact that names its own container', () => {
  const listed = ({ history, stage }: Lab) =>
    [...history.runs.values()].map(({ id, createdBy }) => ({
      runId: id,
      createdBy: { userObjectId: stage.simulator.world.learning.people.find((one) => one === createdBy)?.objectId },
    }));

  it('is asked for there, where the list of runs names none', async () => {
    await using lab = await open(experimentsThat({ runIdAsContainer: true }));
    const json = { value: listed(lab) };
    lab.stage.simulator.faults.add({ match: { operation: 'ListRuns' }, fault: { kind: 'answerWith', json } });
    for (const change of [{}, ofFirst(lab)]) {
      const { ends } = await walked(lab, 'exp-artifacts', change);
      expect(new Set(ends.map(({ outcome }) => outcome))).toEqual(new Set(['saved']));
    }
    const asked = lab.stage.simulator.calls.list.filter(({ operation }) => operation === 'GetContentInformation');
    expect(asked).toHaveLength(4 + 2);
    for (const { path } of asked) expect(path).toContain('/ExperimentRun/dcid.');
  });

  it('is not the person’s where that is another than the one in which it was listed', async () => {
    await using lab = await open(ofExperiments);
    const json = { value: [{ path: 'a.txt', container: 'somewhere', origin: 'ExperimentRun' }] };
    lab.stage.simulator.faults.add({ match: { operation: 'ListArtifacts' }, fault: { kind: 'answerWith', json } });
    const { ends, found } = await walked(lab, 'exp-artifacts', ofFirst(lab));
    expect(ends).toMatchObject(
      Array(2).fill({ outcome: 'refused', reason: expect.stringMatching(/another container/) }),
    );
    expect(found).toEqual([]);
  });
});
