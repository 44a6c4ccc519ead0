import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import { snapshotOf } from '../../../local/simulator/world/snapshot.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { carriedOut, keysIn } from './support/carried-out.ts';
import type { Kind } from './support/kind.ts';
import { openStage, type Stage } from './support/stage.ts';
import { KINDS } from './support/world-kinds.ts';
import { namedBy, names } from './support/worlds.ts';

/* Whole requests on generated worlds: what is found, saved, erased and left must agree, whatever there is and whatever it is called. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 600_000 });

/** Always the same worlds, so that a failure can be looked at; others, and more of them, from the environment. */
const seed = Number(process.env.DSR_WORLDS_SEED ?? 20_261_122);
const numRuns = Number(process.env.DSR_WORLDS ?? 2);

async function exportAll(stage: Stage, kind: Kind): Promise<void> {
  const before = snapshotOf(stage.simulator.world);
  const expected = { ...kind.keys(stage), ...kind.absent };
  const digests = kind.digests(stage);
  const finals = await carriedOut(stage, { action: 'export' });
  for (const [family, lines] of finals) {
    expect(keysIn(lines), family).toEqual(expected[family]);
    for (const { key, outcome, contents } of lines) {
      expect({ key, outcome }).toEqual({ key, outcome: kind.absent[family] ? 'absent' : 'saved' });
      if (digests.has(key)) expect(contents?.[0]?.sha256, key).toBe(digests.get(key));
    }
  }
  expect(snapshotOf(stage.simulator.world), 'an export changes nothing').toEqual(before);
}

async function eraseAll(stage: Stage, kind: Kind): Promise<void> {
  const expected = kind.keys(stage);
  const neighbours = kind.neighbours(stage);
  const finals = await carriedOut(stage, { action: 'delete', ...(kind.named && { families: [...kind.named] }) });
  for (const [family, lines] of finals) {
    expect(keysIn(lines), family).toEqual(expected[family] ?? []);
    const outcome = kind.byHand.includes(family) ? 'kept' : 'erased';
    for (const line of lines) expect({ key: line.key, outcome: line.outcome }).toEqual({ key: line.key, outcome });
  }
  expect(kind.neighbours(stage), 'neighbours').toEqual(neighbours);
  expect(kind.left(stage), 'after = before − matched').toEqual([]);
}

test.concurrent.each(KINDS)(
  'whatever lies in $kind is found, saved and erased, each item once, and nothing beside it',
  async (kind) => {
    const given = fc.tuple(kind.worlds, names);
    const examples = kind.examples.map((world): [[WorldOptions, string[]]] => [[world, ['a', 'b']]]);
    await fc.assert(
      fc.asyncProperty(given, async ([world, choices]) => {
        await using stage = await openStage(azurite.storage, { ...kind.stage, world });
        kind.rename(stage, namedBy(choices));
        await exportAll(stage, kind);
        await eraseAll(stage, kind);
      }),
      { seed, numRuns: numRuns + examples.length, examples, endOnFailure: true },
    );
  },
);
