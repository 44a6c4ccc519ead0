import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, expect, test, vi } from 'vitest';
import type { LearningWorkspace } from '../../../../local/simulator/world/learning/model.ts';
import { familyNamed } from '../../../../src/lib/catalog/catalog.ts';
import type { Content, ResultLine } from '../../../../src/lib/domain/ledger.ts';
import { digestOf } from '../../../end-to-end/support/learning-world.ts';
import { found } from '../../../end-to-end/support/until.ts';
import { useStage } from '../support/use-stage.ts';
import { walkAll } from '../support/walking.ts';

/* Models as Microsoft's client registers them: their link names an asset, whose artifacts hold the bytes. */
vi.setConfig({ testTimeout: 60_000 });

const sizes = { runs: 0, experiments: 0, assets: 0, images: 0, services: 0, models: 3, assetModels: 2 };
const at = useStage({
  managed: { kind: 'machine-learning', workspace: 'lab' },
  world: { behaviour: { pageSize: 1 }, successor: [{ name: 'lab', ...sizes }] },
});

const workspace = (): LearningWorkspace =>
  found([...at.stage.simulator.world.learning.workspaces.values()].find(({ name }) => name === 'lab'));
/** SHA-256 of a model's files, as they lie upstream. */
const digestsOf = (id: string): string[] => {
  const { history, registry } = workspace();
  const { file, asset } = found(registry.models.get(id));
  const parts = history.assets.get(asset ?? '')?.artifacts ?? [];
  const below = [...history.artifacts.values()].filter((artifact) =>
    parts.some(
      ({ id: own, prefix }) => artifact.id === own || (prefix !== undefined && artifact.id.startsWith(prefix)),
    ),
  );
  const files = asset === undefined ? [file] : below.map((artifact) => artifact.file);
  return files.map((one) => digestOf(at.stage.simulator.world, one)).sort();
};

async function exported(): Promise<Map<string, Extract<ResultLine, { line: 'item' }>>> {
  const { lines } = await walkAll(at.stage, { family: familyNamed('ml-models'), purpose: 'export' });
  const items = lines.filter((line) => line.line === 'item');
  return new Map(items.map((item) => [decodeURIComponent(item.key.slice(item.key.indexOf('/') + 1)), item]));
}

async function storedDigests(contents: readonly Content[] = []): Promise<string[]> {
  const bytes = await Promise.all(contents.map(({ blob }) => buffer(at.stage.deps.contents.read(blob))));
  return bytes.map((one) => createHash('sha256').update(one).digest('hex')).sort();
}

/** What the asset of the first model answers from now on. */
const instead = (status: number, artifacts: unknown): void =>
  at.stage.simulator.faults.add({
    match: { method: 'GET', pathPattern: '/assets/[^/?]+' },
    fault: { kind: 'answerWith', status, json: { name: 'x', artifacts } },
  });

beforeEach(() => at.stage.simulator.faults.clear());

test('the bytes of every artifact of the asset are exported, by its id or below its prefix, page after page', async () => {
  const items = await exported();
  const { models } = workspace().registry;
  expect([...items.keys()].sort()).toEqual([...models.keys()].sort());
  for (const [id, item] of items) {
    expect(item, id).toMatchObject({ outcome: 'saved' });
    expect(await storedDigests(item.contents), id).toEqual(digestsOf(id));
  }
  expect([...items.values()].map(({ contents = [] }) => contents.length).sort()).toEqual([1, 1, 2]);
});

test('a throttled link, and a list that has to be asked for again, cost no bytes', async () => {
  at.stage.simulator.faults.add({
    match: { pathPattern: '/contentinfo' },
    after: 1,
    times: 6,
    fault: { kind: 'throttled', retryAfterSeconds: 30 },
  });
  for (const [id, item] of await exported()) {
    expect(item, id).toMatchObject({ outcome: 'saved' });
    expect(await storedDigests(item.contents), id).toEqual(digestsOf(id));
  }
});

const SECRET_PATH = 'LocalUpload/of-somebody/gone.pkl';
test.each<[what: string, status: number, artifacts: unknown, reason: string]>([
  ['is gone', 404, [], 'The asset that holds its bytes answered 404.'],
  ['names no artifact', 200, [], 'The asset that holds its bytes names no artifact.'],
  ['names one without id and prefix', 200, [{}], 'An artifact with its bytes has neither id nor prefix.'],
  ['names one by an id that is none', 200, [{ id: 'a/../' }], 'The id of an artifact with its bytes is none.'],
  ['names one that is gone', 200, [{ id: SECRET_PATH }], 'Its bytes answered 404, though its document is there.'],
  [
    'names a place without any',
    200,
    [{ prefix: SECRET_PATH }],
    'No artifact with its bytes lies where its asset says.',
  ],
])('a model whose asset %s is refused for its bytes, and its document kept', async (_, status, artifacts, reason) => {
  instead(status, artifacts);
  const { lines } = await walkAll(at.stage, { family: familyNamed('ml-models'), purpose: 'export' });
  expect(lines.filter((line) => line.line === 'document')).toHaveLength(3);
  const refused = lines.filter((line) => line.line === 'item' && line.outcome === 'refused');
  expect(refused).toHaveLength(2);
  for (const line of refused) expect(line).toMatchObject({ reason });
});

test('an artifact that the link itself names is downloaded; what neither scheme names is refused', async () => {
  const [first, second] = workspace().history.artifacts.values();
  const { id, file } = found(first);
  const list = (links: readonly string[]) =>
    at.stage.simulator.faults.add({
      match: { method: 'GET', pathPattern: '/models(?:\\?|$)' },
      fault: { kind: 'answerWith', json: { value: links.map((url, at) => ({ id: `m:${at}`, name: 'm', url })) } },
    });
  list([`aml://artifact/${id}`, 'azureml://registries/r/models/m', 'aml://asset/..', `AML://artifact/${second?.id}`]);
  const items = await exported();
  expect(items.get('m:0')?.contents).toMatchObject([{ sha256: digestOf(at.stage.simulator.world, file) }]);
  for (const other of ['m:1', 'm:2', 'm:3']) expect(items.get(other), other).toMatchObject({ outcome: 'refused' });
});
