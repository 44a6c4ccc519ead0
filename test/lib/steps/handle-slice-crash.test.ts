import { describe, expect, it, vi } from 'vitest';
import { childSliceId, rootSliceId } from '../../../src/lib/domain/ids.ts';
import type { SliceMessage } from '../../../src/lib/domain/slice.ts';
import type { Dependencies } from '../../../src/lib/steps/dependencies.ts';
import { handleSlice } from '../../../src/lib/steps/rounds/handle-slice.ts';
import { rootWork } from '../../../src/lib/steps/rounds/root-work.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Crash, crashing, type Moment } from './support/crashing.ts';
import { ledgerOf, type TaskLedger } from './support/ledgers.ts';
import { committed, foundLines, inventoried, opened, type Prepared, prepare } from './support/prepared.ts';
import { openStage, type Stage } from './support/stage.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });
const sizes = { tags: 2, taggedImages: 3, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 20 };
const world = { resources: [{ projects: [sizes] }] };
// One slice at a time; what a message carries besides: carry-on.test.ts.
const limits = { sliceItems: 2, sliceDownloads: 1, carrySeconds: 0 };

interface Scene {
  readonly family: string;
  /** Writes down the slice under test and gives its message. */
  readonly set: (stage: Stage, at: Prepared) => Promise<SliceMessage>;
}

const tagsFound = (stage: Stage) => foundLines(['projectId', 'tagId'], keysIn(stage.resource, 'cv-tags'));
const imagesFound = (stage: Stage) => foundLines(['projectId', 'imageId'], keysIn(stage.resource, 'cv-images'));

const SCENES: Record<string, Scene> = {
  'exports images': {
    family: 'cv-images',
    set: async (stage, at) =>
      opened(stage, at, {
        sliceId: rootSliceId('export'),
        work: await rootWork(stage.deps, { ...at, phase: 'export' }),
      }),
  },
  'takes an inventory of tags': {
    family: 'cv-tags',
    set: async (stage, at) =>
      opened(stage, at, {
        sliceId: rootSliceId('inventory'),
        work: await rootWork(stage.deps, { ...at, phase: 'inventory' }),
      }),
  },
  'spreads an inventory': {
    family: 'cv-tags',
    set: async (stage, at) => {
      await inventoried(stage, at, tagsFound(stage));
      return opened(stage, at, { sliceId: rootSliceId('erase'), work: { kind: 'spread', into: 'erase' } });
    },
  },
  'erases tags one by one': {
    family: 'cv-tags',
    set: async (stage, at) => {
      const inventory = await inventoried(stage, at, tagsFound(stage));
      const work = { kind: 'erase' as const, inventory, from: 0 };
      return opened(stage, at, { sliceId: childSliceId('erase', inventory, 0), work });
    },
  },
  'erases images by one call': {
    family: 'cv-images',
    set: async (stage, at) => {
      const inventory = await inventoried(stage, at, imagesFound(stage));
      const work = { kind: 'erase' as const, inventory, from: 0 };
      return opened(stage, at, { sliceId: childSliceId('erase', inventory, 0), work });
    },
  },
  'proves that tags are gone': {
    family: 'cv-tags',
    set: async (stage, at) => {
      const found = tagsFound(stage);
      const inventory = await inventoried(stage, at, found);
      await committed(stage, at, {
        sliceId: childSliceId('erase', inventory, 0),
        kind: 'erase',
        lines: found.map(({ key }) => ({ line: 'attempt', key, answer: 'accepted' })),
      });
      for (const { workspace } of stage.resource.projects.values()) workspace.tags.clear();
      const work = { kind: 'prove' as const, inventory, from: 0 };
      return opened(stage, at, { sliceId: childSliceId('prove', inventory, 0), work });
    },
  },
};

interface Outcome {
  readonly calls: number;
  readonly crashed: boolean;
  readonly ledger: TaskLedger;
  /** What upstream holds afterwards. */
  readonly left: string[];
}

/** The slice is handled by a process that ends at its k-th call, then its message comes again. */
async function handled(scene: Scene, k: number, moment: Moment): Promise<Outcome> {
  await using stage = await openStage(azurite.storage, { world, limits });
  const at = await prepare(stage, scene.family);
  const message = await scene.set(stage, at);
  const faulty = crashing(stage.deps, k, moment);
  const events: string[] = [];
  await stage.deps.rounds.writeRound(at.requestId, at.taskId, { v: 1, instanceId: 'round-1', inFlight: {} });
  const handle = (deps: Dependencies) =>
    handleSlice(deps, message, async (to, event) => {
      events.push(`${to} ${event}`);
    });
  const crashed = await handle(faulty.deps).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Crash) return true;
      throw error;
    },
  );
  if (crashed) await handle(stage.deps);
  expect(events).toContain(`round-1 slice-${message.sliceId}`);
  expect(await stage.deps.slices.readOpen(message)).toBeUndefined();
  const ledger = await ledgerOf(stage, { ...at, family: scene.family });
  return { calls: faulty.calls, crashed, ledger, left: keysIn(stage.resource, scene.family) };
}

/** The committed lines; whether a deletion was seen to be accepted may differ. */
const lasting = ({ ledger, left }: Outcome) => ({
  left,
  open: ledger.open,
  lines: ledger.lines.map((line) => (line.line === 'attempt' ? { line: line.line, key: line.key } : line)).map(unbound),
});

/** Contents lie in the folder of their request, links name this very simulator's moment. */
const unbound = (line: object): unknown =>
  JSON.parse(JSON.stringify(line).replaceAll(/requests\/[0-9a-f-]{36}\//g, 'requests/…/'));

describe('A slice that', () => {
  it.each(Object.entries(SCENES))(
    '%s leaves the same wherever its process dies, and is closed once',
    async (_, scene) => {
      const clean = await handled(scene, Number.POSITIVE_INFINITY, 'before');
      expect(clean.crashed).toBe(false);
      expect(clean.ledger.lines.length + clean.ledger.open).toBeGreaterThan(0);
      for (let k = 0; k < clean.calls; k += 1) {
        for (const moment of ['before', 'after'] as const) {
          const outcome = await handled(scene, k, moment);
          expect({ k, moment, crashed: outcome.crashed, ...lasting(outcome) }).toEqual({
            k,
            moment,
            crashed: true,
            ...lasting(clean),
          });
        }
      }
    },
  );
});
