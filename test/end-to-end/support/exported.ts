import { expect } from 'vitest';
import type { VisionResource } from '../../../local/simulator/world/model.ts';
import { accountOf, type Ended } from './erasure.ts';
import { imageDigests, keysOf, NOT_ASKED, totalOf } from './expected.ts';
import { openPackage } from './package.ts';
import type { Stage } from './stage.ts';

/** What an export of a resource must hold, read from the world before anybody changes it. */
export function wholeOf(stage: Stage, resource: VisionResource) {
  const keys = keysOf(resource);
  return {
    keys: { ...keys, ...NOT_ASKED },
    digests: imageDigests(stage.simulator.world, resource),
    items: totalOf(keys),
  };
}

/** Waits for the end of an export: ledgers, receipt, package and each byte in it must be those of the whole resource. */
export async function expectWhole(stage: Stage, id: string, whole: ReturnType<typeof wholeOf>): Promise<Ended> {
  const ended = await accountOf(stage, id);
  const { view, ledgers, receipt } = ended;
  expect(view, JSON.stringify(view)).toMatchObject({ state: 'completed' });
  const keys: Readonly<Record<string, readonly string[]>> = whole.keys;
  for (const { family, items } of ledgers) {
    expect(items.map(({ key }) => key).sort(), family).toEqual(keys[family]);
    for (const { key, outcome } of items) expect(outcome, key).toBe(key === family ? 'absent' : 'saved');
  }
  expect(receipt.totals).toMatchObject({ found: whole.items + 1, saved: whole.items, absent: 1, gaps: 0, refused: 0 });
  const { contents } = await openPackage(stage, id);
  expect([...contents.keys()].sort()).toEqual(Object.values(keys).flat().sort());
  for (const [key, sha256] of whole.digests) expect(contents.get(key), key).toEqual([sha256]);
  return ended;
}
