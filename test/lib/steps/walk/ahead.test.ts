import { describe, expect, it } from 'vitest';
import type { Upstream } from '../../../../src/lib/upstream/upstream.ts';
import { useStage } from '../support/use-stage.ts';
import { inPages, walkAll } from '../support/walking.ts';
import { keysIn } from '../support/world-keys.ts';

const images = { tags: 1, taggedImages: 4, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 20 };
const here = useStage({
  world: {
    resources: [{ projects: [{ ...images, iterations: { published: 0, trained: 0, training: 0, untrained: 0 } }] }],
  },
  limits: { sliceDownloads: 1 },
});
const family = inPages('cv-images', { take: 3, size: 10 });

describe('A page of items with calls of their own', () => {
  it('is dealt with while the next is asked for, and none is asked for twice', async () => {
    const { upstream } = here.stage.deps;
    const second = Promise.withResolvers<void>();
    const pages: (string | undefined)[] = [];
    const beside: Upstream = {
      ...upstream,
      page: (target, call, cursor) => {
        if (call.operation.operation === 'GetTaggedImages') pages.push(cursor);
        if (pages.length > 1) second.resolve();
        return upstream.page(target, call, cursor);
      },
      // Had the next page to wait for the bytes, both would wait for ever.
      download: async (...given) => {
        await second.promise;
        return upstream.download(...given);
      },
    };
    const change = { deps: { ...here.stage.deps, upstream: beside } };
    const { lines } = await walkAll(here.stage, { family, purpose: 'export', change });
    const saved = lines.flatMap((line) => (line.line === 'item' && line.outcome === 'saved' ? [line.key] : []));
    expect(saved.sort()).toEqual(keysIn(here.stage.resource, 'cv-images'));
    expect(pages).toEqual([...new Set(pages)]);
    expect(pages).toHaveLength(2);
  });

  it('is the last that is asked for where the slice has no room for another', async () => {
    const { simulator, deps } = here.stage;
    simulator.calls.clear();
    const change = { deps: { ...deps, limits: { ...deps.limits, sliceItems: 3 } } };
    const { lines } = await walkAll(here.stage, { family, purpose: 'export', change });
    expect(lines.filter(({ line }) => line === 'item')).toHaveLength(images.taggedImages);
    expect(simulator.calls.list.filter(({ operation }) => operation === 'GetTaggedImages')).toHaveLength(2);
  });
});
