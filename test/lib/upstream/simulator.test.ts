import { createHash } from 'node:crypto';
import { ManagedIdentityCredential } from '@azure/identity';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { RunningSimulator, SimulatorOptions } from '../../../local/simulator/simulator.ts';
import { familyNamed, operationsOf } from '../../../src/lib/catalog/catalog.ts';
import type { Operation } from '../../../src/lib/catalog/operation.ts';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import { type Target, targetSchema } from '../../../src/lib/domain/target.ts';
import { createUpstream, type Upstream, type UpstreamOptions } from '../../../src/lib/upstream/upstream.ts';
import { start } from '../../local/simulator/running.ts';
import { credential, freePace } from './fixture.ts';

const operationNamed = (family: string, name: string): Operation => {
  const operation = operationsOf(familyNamed(family)).find((candidate) => candidate.operation === name);
  if (!operation) throw new Error(`${family} has no operation ${name}.`);
  return operation;
};
const getProjects = operationNamed('cv-projects', 'GetProjects');
const getTagged = operationNamed('cv-images', 'GetTaggedImages');
const queryPredictions = operationNamed('cv-predictions', 'QueryPredictions');
const deleteTag = operationNamed('cv-tags', 'DeleteTag');
const deleteIteration = operationNamed('cv-iterations', 'DeleteIteration');

const world = { project: { taggedImages: 5, imageBytes: 200_000 } } as const;

interface Stage {
  readonly simulator: RunningSimulator;
  readonly upstream: Upstream;
  readonly target: Target;
  readonly projectId: string;
}

async function stage(options: SimulatorOptions = {}, more: Partial<UpstreamOptions> = {}): Promise<Stage> {
  const simulator = await start({ world, ...options });
  const [resource] = simulator.world.resources;
  const [projectId] = resource?.projects.keys() ?? [];
  if (!resource || projectId === undefined) throw new Error('The world is empty.');
  const target = targetSchema.parse({
    kind: 'custom-vision',
    name: 'studio',
    endpoint: `https://${resource.host}`,
    signIn: { kind: 'key', setting: 'KEY' },
  });
  const upstream = createUpstream({
    credential,
    secret: () => resource.keys[0],
    clock: systemClock,
    pace: freePace(),
    gateway: new URL(simulator.url),
    ...more,
  });
  return { simulator, upstream, target, projectId };
}

const image = z.looseObject({ id: z.string(), originalImageUri: z.string() });

async function firstImage({ upstream, target, projectId }: Stage): Promise<z.infer<typeof image>> {
  const verdict = await upstream.page(target, { operation: getTagged, parameters: { projectId } });
  if (verdict.kind !== 'ok') throw new Error(`Images were expected, it was ${verdict.kind}.`);
  return image.parse(verdict.value.items[0]);
}

async function digestOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

describe('against the simulated services', () => {
  test('signs in with a key, and is not let in with a wrong one', async () => {
    const { upstream, target } = await stage();
    const verdict = await upstream.page(target, { operation: getProjects, parameters: {} });
    expect(verdict).toMatchObject({ kind: 'ok', value: { items: [{ id: expect.any(String) }] } });
    const stranger = await stage({}, { secret: () => 'wrong' });
    const refusal = await stranger.upstream.page(stranger.target, { operation: getProjects, parameters: {} });
    expect(refusal).toMatchObject({ kind: 'busy', reason: expect.stringContaining('401') });
  });

  test('lists stored predictions by token to the end', async () => {
    const { upstream, target, projectId } = await stage({ world: { project: { ...world.project, predictions: 230 } } });
    const call = { operation: queryPredictions, parameters: { projectId } };
    const sizes: number[] = [];
    const ids = new Set<unknown>();
    let cursor: string | undefined;
    do {
      const verdict = await upstream.page(target, call, cursor);
      if (verdict.kind !== 'ok') throw new Error(`A page was expected, it was ${verdict.kind}.`);
      for (const item of verdict.value.items) ids.add(z.looseObject({ id: z.string() }).parse(item).id);
      sizes.push(verdict.value.items.length);
      cursor = verdict.value.next;
    } while (cursor !== undefined);
    expect(sizes.slice(0, 3)).toEqual([100, 100, 30]);
    expect(ids.size).toBe(230);
  });

  test('signs in as a managed identity over the identity endpoint', async () => {
    const { simulator, target } = await stage();
    const before = { endpoint: process.env.IDENTITY_ENDPOINT, header: process.env.IDENTITY_HEADER };
    onTestFinished(() => {
      restore('IDENTITY_ENDPOINT', before.endpoint);
      restore('IDENTITY_HEADER', before.header);
    });
    process.env.IDENTITY_ENDPOINT = simulator.identity.endpoint;
    process.env.IDENTITY_HEADER = simulator.identity.header;
    const upstream = createUpstream({
      credential: new ManagedIdentityCredential(),
      secret: () => undefined,
      clock: systemClock,
      pace: freePace(),
      gateway: new URL(simulator.url),
    });
    const signedIn: Target = {
      ...target,
      signIn: { kind: 'entra', scope: 'https://cognitiveservices.azure.com/.default' },
    };
    const verdict = await upstream.page(signedIn, { operation: getProjects, parameters: {} });
    expect(verdict.kind).toBe('ok');
  });

  test.each([
    ['whole', undefined],
    ['with a reset in the middle', { kind: 'resetMidBody' }],
    ['with an answer that ends early', { kind: 'truncatedBody', declared: 'full' }],
  ] as const)('downloads an image %s', async (_, fault) => {
    const scene = await stage();
    const { originalImageUri } = await firstImage(scene);
    const reference = await scene.upstream.download(scene.target, originalImageUri);
    if (reference.kind !== 'ok') throw new Error('The image was expected.');
    const digest = await digestOf(reference.value.body);
    if (fault) scene.simulator.faults.add({ match: { operation: 'GetBlob' }, fault, times: 1 });
    const verdict = await scene.upstream.download(scene.target, originalImageUri);
    if (verdict.kind !== 'ok') throw new Error('The image was expected again.');
    expect(verdict.value.bytes).toBe(200_000);
    expect(await digestOf(verdict.value.body)).toBe(digest);
  });

  test.each([
    ['a 429', { kind: 'throttled', retryAfterSeconds: 1 }],
    ['a 503', { kind: 'status', status: 503 }],
    ['HTML instead of JSON', { kind: 'htmlInsteadOfJson' }],
    ['malformed JSON', { kind: 'malformedJson' }],
    ['an answer shorter than promised', { kind: 'truncatedBody', declared: 'full' }],
    ['an answer cut without a sign', { kind: 'truncatedBody', declared: 'cut' }],
    ['a reset', { kind: 'resetBeforeAnswer' }],
    ['an empty page that is not the last', { kind: 'emptyPageThatIsNotTheLast' }],
  ] as const)('reads a page in spite of %s', async (_, fault) => {
    const { simulator, upstream, target, projectId } = await stage();
    simulator.faults.add({ fault, times: 1 });
    const verdict = await upstream.page(target, { operation: getTagged, parameters: { projectId } });
    expect(verdict).toMatchObject({ kind: 'ok', value: { items: { length: 5 } } });
  });

  test('walks a list page by page', async () => {
    const { upstream, target, projectId } = await stage();
    const call = {
      operation: { ...getTagged, paging: { by: 'skip-take', take: 2 } as const },
      parameters: { projectId },
    };
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const verdict = await upstream.page(target, call, cursor);
      if (verdict.kind !== 'ok') throw new Error('A page was expected.');
      ids.push(...verdict.value.items.map((item) => image.parse(item).id));
      cursor = verdict.value.next;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(5);
    expect(ids).toHaveLength(5);
  });

  test('deletes once: the second time it is absent, and a published iteration is refused', async () => {
    const { simulator, upstream, target, projectId } = await stage();
    const project = simulator.world.resources[0]?.projects.get(projectId);
    const [tagId = ''] = project?.workspace.tags.keys() ?? [];
    const call = { operation: deleteTag, parameters: { projectId, tagId } };
    expect(await upstream.send(target, call)).toEqual({ kind: 'ok', value: undefined });
    expect(await upstream.send(target, call)).toEqual({ kind: 'absent' });
    const published = [...(project?.iterations.values() ?? [])].find(({ publishName }) => publishName !== null);
    const parameters = { projectId, iterationId: published?.id ?? '' };
    expect(await upstream.send(target, { operation: deleteIteration, parameters })).toMatchObject({
      kind: 'refused',
      code: 'BadRequestIterationIsPublished',
    });
  });

  test('leaves it to the caller when a deletion took place but its answer was lost', async () => {
    const { simulator, upstream, target, projectId } = await stage();
    const [tagId = ''] = simulator.world.resources[0]?.projects.get(projectId)?.workspace.tags.keys() ?? [];
    simulator.faults.add({ match: { operation: 'DeleteTag' }, fault: { kind: 'resetAfterEffect' }, times: 1 });
    const verdict = await upstream.send(target, { operation: deleteTag, parameters: { projectId, tagId } });
    expect(verdict).toMatchObject({ kind: 'busy' });
    expect(verdict).not.toHaveProperty('untouched');
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
