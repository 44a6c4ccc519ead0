import { expect } from 'vitest';
import { type ItemLine, identityFault } from '../../../../src/lib/domain/ledger.ts';
import { receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { Submission } from '../../../../src/lib/domain/request.ts';
import { found } from '../../../end-to-end/support/until.ts';
import { Driver } from './driver.ts';
import { ledgersOf } from './ledgers.ts';
import type { Stage } from './stage.ts';

/**
 * A request about the first person of a world, from its submission to its end: it is completed, its ledgers agree with themselves and with
 * its receipt. The final lines by family.
 */
export async function carriedOut(
  stage: Stage,
  asked: Pick<Submission, 'action'> & Partial<Submission>,
): Promise<Map<string, ItemLine[]>> {
  const driver = new Driver(stage);
  const { objectId } = found(stage.simulator.world.learning.people[0]);
  const requestId = await driver.submit({ subject: { reference: 'r', objectId }, ...asked });
  const record = await driver.toTheEnd(requestId);
  expect(record).toMatchObject({ state: 'completed' });
  const receipt = await stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  expect(receipt?.faults).toEqual([]);
  const finals = new Map<string, ItemLine[]>();
  for (const { family, counts, lines, open } of await ledgersOf(stage, requestId)) {
    expect(identityFault(family, counts, asked.action)).toBeUndefined();
    expect({ family, open, gaps: counts.gaps }).toEqual({ family, open: 0, gaps: 0 });
    finals.set(
      family,
      lines.filter((line) => line.line === 'item'),
    );
  }
  return finals;
}

/** Keys of lines, sorted. */
export const keysIn = (lines: readonly ItemLine[] = []): string[] => lines.map(({ key }) => key).sort();
