import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { FaultRule } from '../../../../local/simulator/faults/rules.ts';
import type { WorldOptions } from '../../../../local/simulator/world/options.ts';
import type { ItemLine } from '../../../../src/lib/domain/ledger.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { inPages, type Walked, walkAll } from '../support/walking.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const FAMILIES = ['cv-projects', 'cv-iterations', 'cv-tags', 'cv-images', 'cv-exported-models'] as const;

const project = fc.record({
  tags: fc.nat(3),
  taggedImages: fc.nat(7),
  untaggedImages: fc.nat(4),
  deletedImages: fc.nat(2),
  iterations: fc.record({ published: fc.nat(1), trained: fc.nat(2), training: fc.nat(1), untrained: fc.nat(1) }),
  exports: fc.nat(2),
  imageBytes: fc.nat(40),
  exportBytes: fc.nat(40),
});
const worlds = fc.record({
  seed: fc.nat(1000),
  resources: fc.record({ projects: fc.array(project, { maxLength: 3 }) }).map((resource) => [resource]),
  behaviour: fc.record({ unknownImageIds: fc.constantFrom('ignored' as const, 'refused' as const) }),
});

const budgets = fc.record({
  // A page of one has no room for what shows where it belongs: the catalogue has none.
  take: fc.integer({ min: 2, max: 5 }),
  size: fc.integer({ min: 1, max: 4 }),
  sliceItems: fc.integer({ min: 1, max: 9 }),
  sliceDownloads: fc.integer({ min: 1, max: 3 }),
  sliceDocumentBytes: fc.constantFrom(1, 600, 1_000_000),
});

/** What goes wrong for a while, on any call. */
const failures: fc.Arbitrary<FaultRule[]> = fc.array(
  fc.record({
    fault: fc.constantFrom<FaultRule['fault']>(
      { kind: 'throttled' },
      { kind: 'throttled', retryAfterSeconds: 30 },
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503, retryAfterSeconds: 9 },
      { kind: 'resetBeforeAnswer' },
      { kind: 'resetMidBody' },
      { kind: 'malformedJson' },
      { kind: 'truncatedBody', declared: 'full' },
    ),
    after: fc.nat(15),
    everyNth: fc.integer({ min: 1, max: 3 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 3 },
);

/** A list that says it is empty and isn't: an empty one is asked for twice, one that upstream counts as often as it takes. */
const emptyPages: fc.Arbitrary<FaultRule[]> = fc.array(
  fc.record({
    match: fc.constant({ pathPattern: '/(?:projects|tags|iterations|export|tagged|untagged|id)(?:[?]|$)' }),
    fault: fc.constant<FaultRule['fault']>({ kind: 'emptyPageThatIsNotTheLast' }),
    after: fc.nat(6),
    everyNth: fc.integer({ min: 2, max: 3 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 1 },
);
/** Lists that are answered with the page before the one that was asked for. */
const pagesAgain: fc.Arbitrary<FaultRule[]> = fc.array(
  fc.record({
    match: fc.constant({ pathPattern: '/(?:tagged|untagged)[?]' }),
    fault: fc.constant<FaultRule['fault']>({ kind: 'pageServedTwice' }),
    after: fc.nat(6),
    everyNth: fc.integer({ min: 2, max: 3 }),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 1 },
);
const faults = fc.tuple(failures, emptyPages, pagesAgain).map((rules) => rules.flat());

type Budget = typeof budgets extends fc.Arbitrary<infer T> ? T : never;

async function stageOf(
  world: WorldOptions,
  { sliceItems, sliceDownloads, sliceDocumentBytes }: Budget,
): Promise<Stage> {
  return openStage(azurite.storage, {
    world,
    limits: { sliceItems, sliceDownloads, sliceDocumentBytes, patienceSeconds: 1e7 },
  });
}

const keysOf = (walked: Walked, line: 'item' | 'found'): string[] =>
  walked.lines.flatMap((each) => (each.line === line ? [each.key] : [])).sort();

describe('A walk through all pages of a world', () => {
  it('finds every item exactly once, whatever the pages, the budgets and the faults are', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, budgets, faults, fc.constantFrom(...FAMILIES), async (world, budget, rules, family) => {
        await using stage = await stageOf(world, budget);
        stage.simulator.faults.add(...rules);
        const walked = await walkAll(stage, { family: inPages(family, budget), purpose: 'inventory' });
        expect(walked.lines.filter(({ line }) => line === 'gap')).toEqual([]);
        expect(keysOf(walked, 'found')).toEqual(keysIn(stage.resource, family));
        expect(new Set(walked.slices).size).toBe(walked.slices.length);
      }),
      { numRuns: 200 },
    );
  });

  it('exports every item exactly once with its bytes, whatever the pages, the budgets and the faults are', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, budgets, faults, fc.constantFrom(...FAMILIES), async (world, budget, rules, family) => {
        await using stage = await stageOf(world, budget);
        stage.simulator.faults.add(...rules);
        const walked = await walkAll(stage, { family: inPages(family, budget), purpose: 'export' });
        expect(walked.lines.filter(({ line }) => line === 'gap')).toEqual([]);
        expect(keysOf(walked, 'item')).toEqual(keysIn(stage.resource, family));
        const items = walked.lines.filter((line) => line.line === 'item');
        expect(items.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'saved')).toEqual([]);
        const documents = walked.lines.flatMap((line) =>
          line.line === 'document' && line.part === undefined ? [line.key] : [],
        );
        expect(documents.sort()).toEqual(keysIn(stage.resource, family));
        await expectContents(stage, items);
      }),
      { numRuns: 100 },
    );
  });
});

/** What lies in storage is what the lines say. */
async function expectContents(stage: Stage, items: readonly ItemLine[]): Promise<void> {
  for (const content of items.flatMap((item) => item.contents ?? [])) {
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const chunk of stage.deps.contents.read(content.blob)) {
      digest.update(chunk);
      bytes += chunk.length;
    }
    expect({ bytes, sha256: digest.digest('hex') }).toEqual({ bytes: content.bytes, sha256: content.sha256 });
  }
}
