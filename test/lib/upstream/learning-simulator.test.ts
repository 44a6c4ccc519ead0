import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import type { Operation } from '../../../src/lib/catalog/operation.ts';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import { type Target, targetSchema } from '../../../src/lib/domain/target.ts';
import { createUpstream, type Upstream } from '../../../src/lib/upstream/upstream.ts';
import { tokenOf } from '../../local/simulator/learning-asking.ts';
import { start } from '../../local/simulator/running.ts';
import { freePace } from './fixture.ts';

/* The real catalogue against the simulated Azure ML services. */
interface Stage {
  readonly simulator: RunningSimulator;
  readonly upstream: Upstream;
}

async function stage(world: WorldOptions): Promise<Stage> {
  const simulator = await start({ world });
  const upstream = createUpstream({
    credential: {
      getToken: async () => ({ token: await tokenOf(simulator), expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    secret: () => undefined,
    clock: systemClock,
    pace: freePace(),
    gateway: new URL(simulator.url),
  });
  return { simulator, upstream };
}

/** The target of the first resource of a kind. */
function targetOf(kind: Target['kind'], place: { name: string; location: string }): Target {
  const { name, location } = place;
  const region = location.replaceAll(' ', '').toLowerCase();
  const own =
    kind === 'clusters' ? {} : kind === 'computes' ? { workspace: name } : { account: name, location: region };
  const resource = { subscriptionId: '5ba3e4c1-2d0f-4a7e-9c1b-0a6d8f2e7b43', resourceGroup: 'learning' };
  return targetSchema.parse({ kind, name: 'root', ...resource, ...own });
}

const firstOf = <T>(things: Iterable<T>): T => {
  for (const thing of things) return thing;
  throw new Error('The world is empty.');
};
const listOf = (family: string): Operation => firstOf(familyNamed(family).list);

/** All items of a list, and how many pages it took. */
async function walk(
  upstream: Upstream,
  target: Target,
  call: { operation: Operation; parameters: Record<string, string> },
) {
  const items: unknown[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const verdict = await upstream.page(target, call, cursor);
    if (verdict.kind !== 'ok') throw new Error(`A page was expected, it was ${JSON.stringify(verdict)}.`);
    expect(verdict.value.flags).toBeUndefined();
    items.push(...verdict.value.items);
    cursor = verdict.value.next;
    pages += 1;
  } while (cursor !== undefined);
  return { items, pages };
}

const idsOf = (items: unknown[], member: string): unknown[] =>
  items.map((item) => z.record(z.string(), z.unknown()).parse(item)[member]).sort();

describe('Model Management', () => {
  const dataHost = 'eu2.hosting.azureml.net';
  test.each([
    ['that the account tells', true, '$skipToken'],
    ['of the region', false, '$skiptoken'],
  ] as const)('lists every model page by page on the host %s', async (_, tellsHost, skipTokenName) => {
    const { simulator, upstream } = await stage({
      modelManagement: [tellsHost ? { models: 7, dataHost } : { models: 7, tellsHost }],
      behaviour: { pageSize: 3, skipTokenName },
    });
    const account = firstOf(simulator.world.learning.hostingAccounts.values());
    const target = targetOf('model-management', account);
    const { items, pages } = await walk(upstream, target, { operation: listOf('mm-models'), parameters: {} });
    expect(idsOf(items, 'id')).toEqual([...account.registry.models.keys()].sort());
    expect(pages).toBe(3);
    const hosts = simulator.calls.list.map(({ host }) => host).filter((host) => host.endsWith('azureml.net'));
    expect(hosts).toEqual(Array(3).fill(tellsHost ? dataHost : 'eastus2.modelmanagement.azureml.net'));
  });
});

const project = { workspaceName: 'workspace1', projectName: 'project1' };

async function experimentation(world: Partial<WorldOptions> = {}) {
  const scene = await stage({ experimentation: [{}], ...world });
  const account = firstOf(scene.simulator.world.learning.experimentationAccounts.values());
  const { history } = firstOf(firstOf(account.workspaces.values()).projects.values());
  return { ...scene, target: targetOf('experimentation', account), history };
}

describe('Experimentation', () => {
  test.each(['both', 'token', 'link'] as const)('lists every run when pages go on by %s', async (continuation) => {
    const { upstream, target, history } = await experimentation({ behaviour: { pageSize: 2, continuation } });
    const { items, pages } = await walk(upstream, target, { operation: listOf('exp-runs'), parameters: project });
    expect(idsOf(items, 'runId')).toEqual([...history.runs.keys()].sort());
    expect(pages).toBe(3);
  });

  test('has the account for the only element of its family', async () => {
    const { upstream, target } = await experimentation();
    const { items } = await walk(upstream, target, { operation: listOf('exp-account'), parameters: {} });
    expect(idsOf(items, 'name')).toEqual(['account' in target ? target.account : '']);
  });

  test('tells where the bytes of every artifact are, whatever its path', async () => {
    const { upstream, target, history } = await experimentation();
    const via = firstOf(familyNamed('exp-artifacts').bytes ?? []).via;
    if (!via) throw new Error('A way to the bytes was expected.');
    for (const { container, path } of history.artifacts.values()) {
      const parameters = { ...project, container, artifactPath: path };
      const verdict = await upstream.send(target, { operation: via.read, parameters });
      expect(verdict).toMatchObject({ kind: 'ok', value: { container, path, contentUri: expect.any(String) } });
    }
    expect([...history.artifacts.values()].some(({ path }) => path.length >= 300)).toBe(true);
  });

  test('tells the link of a run’s artifact as a bare text, and the bytes are there', async () => {
    const { upstream, target, history } = await experimentation();
    const via = firstOf(familyNamed('exp-run-artifacts').bytes ?? []).via;
    if (!via) throw new Error('A way to the bytes was expected.');
    const run = firstOf(history.runs.values());
    const artifact = [...history.artifacts.values()].find(
      ({ container }) => container === (run.dataContainerId ?? run.id),
    );
    const parameters = { ...project, runId: run.id, name: artifact?.path ?? '' };
    const verdict = await upstream.send(target, { operation: via.read, parameters });
    const link = z.object({ kind: z.literal('ok'), value: z.url() }).parse(verdict).value;
    const content = await upstream.download(target, link);
    if (content.kind !== 'ok') throw new Error(`Content was expected, it was ${content.kind}.`);
    let bytes = 0;
    for await (const chunk of content.value.body) bytes += chunk.length;
    expect(bytes).toBe(content.value.bytes);
    expect(bytes).toBeGreaterThan(0);
  });
});

describe('a deletion that runs on', () => {
  test('is asked for until it has happened', async () => {
    const { simulator, upstream } = await stage({ clusters: [{}], behaviour: { pollsUntilDeleted: 2 } });
    const target = targetOf('clusters', { name: '', location: '' });
    const { erase, read } = familyNamed('operationalization-clusters');
    if (erase.by !== 'call' || !read) throw new Error('A deletion by call was expected.');
    const clusterName = firstOf(simulator.world.learning.clusters.values()).name;
    const parameters = { clusterName };
    const begun = await upstream.send(target, { operation: erase.operation, parameters });
    const { pollUrl, pollAfter } = z
      .object({ kind: z.literal('ok'), pollUrl: z.url(), pollAfter: z.date() })
      .parse(begun);
    expect(pollAfter.getTime()).toBeGreaterThan(Date.now());
    const states: unknown[] = [];
    while (states.at(-1) !== 'succeeded' && states.length < 10) {
      const verdict = await upstream.poll(target, pollUrl);
      states.push(verdict.kind === 'ok' ? verdict.value : verdict);
    }
    expect(new Set(states)).toEqual(new Set(['running', 'succeeded']));
    expect(await upstream.send(target, { operation: read, parameters })).toEqual({ kind: 'absent' });
  });
});
