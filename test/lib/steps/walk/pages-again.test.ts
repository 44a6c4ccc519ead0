import { expect, it, vi } from 'vitest';
import { familyNamed } from '../../../../src/lib/catalog/catalog.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { openStage } from '../support/stage.ts';
import { inPages, walkAll } from '../support/walking.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

it('300 images are found each once when the second page is answered with the first', async () => {
  await using stage = await openStage(azurite.storage, {
    world: { resources: [{ projects: [{ taggedImages: 300, untaggedImages: 0, imageBytes: 10 }] }] },
  });
  stage.simulator.faults.add({
    match: { operation: 'GetTaggedImages' },
    fault: { kind: 'pageServedTwice' },
    times: 1,
  });
  const walked = await walkAll(stage, { family: inPages('cv-images', { take: 256, size: 256 }), purpose: 'inventory' });
  const keys = walked.lines.map((line) => (line.line === 'found' ? line.key : line.line));
  expect(keys.sort()).toEqual(keysIn(stage.resource, 'cv-images'));
  expect(stage.simulator.faults.list()[0]).toMatchObject({ harmed: 1 });
  const pages = stage.simulator.calls.list.filter(({ operation, query }) => operation === 'GetTaggedImages' && query);
  expect(pages.some(({ fault, query }) => fault === 'pageServedTwice' && query.includes('skip=255'))).toBe(true);
});

it.each(['both', 'token', 'link'] as const)(
  'a page of runs or of what lies in them that leads to itself, by %s, finds nothing twice',
  async (continuation) => {
    await using stage = await openStage(azurite.storage, {
      managed: { kind: 'experimentation', account: 'people' },
      world: {
        behaviour: { pageSize: 2, continuation },
        experimentation: [{ name: 'people', workspaces: [{ projects: [{ runs: 5, artifactsPerRun: 3 }] }] }],
      },
      limits: { sliceItems: 3 },
    });
    for (const name of ['exp-runs', 'exp-run-artifacts']) {
      const keys = async () => {
        const walked = await walkAll(stage, { family: familyNamed(name), purpose: 'inventory' });
        return walked.lines.map((line) => (line.line === 'found' ? line.key : line.line)).sort();
      };
      const whole = await keys();
      expect(new Set(whole).size).toBe(whole.length);
      const struck = { fault: { kind: 'pageServedTwice' as const }, times: 3 };
      stage.simulator.faults.add(struck);
      expect(await keys()).toEqual(whole);
      expect(stage.simulator.faults.list()[0]?.harmed).toBe(3);
      stage.simulator.faults.clear();
    }
  },
);
