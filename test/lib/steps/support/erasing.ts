import type { FoundLine, ItemLine } from '../../../../src/lib/domain/ledger.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { Driver } from './driver.ts';
import { ledgerOf, type TaskLedger } from './ledgers.ts';
import { foundLines, inventoried, type Prepared, prepare } from './prepared.ts';
import type { Stage } from './stage.ts';
import { keysIn } from './world-keys.ts';

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'cv-tags': ['projectId', 'tagId'],
  'cv-images': ['projectId', 'imageId'],
  'cv-iterations': ['projectId', 'iterationId'],
  'cv-projects': ['projectId'],
};

/** What a family holds now, as an inventory writes it down. */
export const inventoryOf = (stage: Stage, family: string): FoundLine[] =>
  foundLines(PARAMETERS[family] ?? [], keysIn(stage.resource, family));

export interface Erased {
  readonly at: Prepared;
  readonly ledger: TaskLedger;
  /** Final line of each item. @throws where an item has none, or two. */
  final(key: string): ItemLine;
}

/** Erases and proves an inventory that was taken before, as a run does: phase after phase, in rounds. */
export async function eraseAll(
  stage: Stage,
  family: string,
  of: {
    found: readonly FoundLine[];
    change?: Partial<RequestRecord>;
    /** Before anything is erased. */
    begin?: (driver: Driver, at: Prepared) => Promise<void>;
    between?: (driver: Driver) => Promise<void>;
  },
): Promise<Erased> {
  const at = await prepare(stage, family, of.change ?? {});
  await inventoried(stage, at, of.found);
  const driver = new Driver(stage);
  const run = { requestId: at.requestId, run: at.record.run.n, taskId: at.taskId };
  await of.begin?.(driver, at);
  await driver.task({ ...run, phase: 'erase' });
  await of.between?.(driver);
  await driver.task({ ...run, phase: 'prove' });
  const ledger = await ledgerOf(stage, { ...at, family });
  return {
    at,
    ledger,
    final(key) {
      const lines = ledger.lines.filter((line) => line.line === 'item').filter((line) => line.key === key);
      const [line, second] = lines;
      if (!line || second) throw new Error(`${key} has ${lines.length} final lines.`);
      return line;
    },
  };
}
