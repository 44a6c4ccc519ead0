import { familyNamed } from '../../catalog/catalog.ts';
import { isLeft } from '../../domain/again.ts';
import {
  addCounts,
  type Counts,
  type ItemLine,
  NO_COUNTS,
  type ProofLevel,
  type ResultLine,
  settled,
} from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import type { ReceiptTask } from '../../domain/receipt.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { addKey, type KeySum, NO_KEYS } from '../../domain/sums.ts';
import { searchOf } from '../../plan/searches.ts';
import type { Dependencies } from '../dependencies.ts';
import { KeyIdentity } from '../key-identity.ts';
import { otherPeopleIn } from '../slice/other-people.ts';
import { type GroundsLeft, GroundTally } from './grounds.ts';
import { LedgerDigest } from './ledger.ts';
import { Repeats } from './task-keys.ts';

const PAGE = 1000;
const NO_GROUND = 'No ground was given.';

/** `found`, `left`: sums of the keys of what it found, and of what it left to be done again. */
export interface TaskAccount {
  readonly account: ReceiptTask;
  readonly found: KeySum;
  readonly left: KeySum;
}

/**
 * The account of one task, from its results: sums from their metadata, proofs and grounds from their lines, one at a time, and a digest
 * over all of them. Lines that are no longer what was committed are not told.
 */
export async function receiptTask(
  deps: Dependencies,
  at: { record: RequestRecord; task: Task },
  left: GroundsLeft,
): Promise<TaskAccount> {
  const { task } = at;
  const { requestId, submission } = at.record;
  const { taskId, family, target, way, role, again } = task;
  const tally = new TaskTally(left, way);
  const ledger = new LedgerDigest();
  const keys = new KeyIdentity();
  const repeats = new Repeats((await deps.slices.sumDone(requestId, taskId)).found);
  let counts = NO_COUNTS;
  let marker: string | undefined;
  do {
    const page = await deps.slices.listDone({ requestId, taskId }, '', { limit: PAGE, marker });
    for (const slice of page.slices) {
      counts = addCounts(counts, slice.counts);
      const ref = { requestId, taskId, sliceId: slice.sliceId };
      const stored = await deps.slices.digest(ref);
      const isGenuine = ledger.add(slice, stored);
      if (isGenuine) repeats.note(stored.keys.item);
      if (!isGenuine || !hasMoreToTell(slice.counts)) continue;
      // The first line is the result's header.
      let number = 1;
      for await (const line of deps.slices.lines(ref)) {
        number += 1;
        tally.add(line, `${slice.sliceId}:${number}`);
        keys.add(line, slice.counts);
      }
    }
    marker = page.marker;
  } while (marker !== undefined);
  const isSettled = keys.holds() && !(await repeats.any(deps, { requestId, taskId }));
  const { proofs, unobserved, inBatch } = tally;
  const search = searchOf(familyNamed(family), submission);
  const others = await otherPeopleIn(deps, at.record, task);
  const account = {
    taskId,
    family,
    target,
    way,
    ...(role && { role }),
    ...(again !== undefined && { again }),
    ...(search && { search }),
    ...(others && { others }),
    counts,
    proofs,
    unobserved,
    ...(inBatch > 0 && { inBatch }),
    grounds: tally.grounds.result(),
    ledger: { ...ledger.result(), settled: isSettled },
  };
  return { account, found: keys.found, left: tally.left };
}

/** What was saved when it was found has neither proof nor ground, and its final line is the one by which it was found. */
const hasMoreToTell = (counts: Counts): boolean =>
  settled(counts) - counts.saved + counts.gaps > 0 || counts.found > settled(counts);

class TaskTally {
  readonly proofs: Partial<Record<ProofLevel, number>> = {};
  unobserved = 0;
  inBatch = 0;
  readonly grounds: GroundTally;
  left: KeySum = NO_KEYS;
  private readonly way: Task['way'];

  constructor(left: GroundsLeft, way: Task['way']) {
    this.grounds = new GroundTally(left);
    this.way = way;
  }

  /** @param at where the line stands in the ledger. */
  add(line: ResultLine, at: string): void {
    if (line.line === 'gap') this.grounds.add('gaps', line.reason, at);
    if (line.line === 'item') this.addItem(line, at);
  }

  private addItem(line: ItemLine, at: string): void {
    const { key, outcome, reason, cause, proof } = line;
    if (isLeft(line, this.way)) this.left = addKey(this.left, key);
    if (proof !== undefined) this.proofs[proof] = (this.proofs[proof] ?? 0) + 1;
    if (cause === 'unobserved') this.unobserved += 1;
    if (cause === 'in-batch') this.inBatch += 1;
    if (outcome === 'kept' || outcome === 'refused' || outcome === 'absent') {
      this.grounds.add(outcome, reason ?? NO_GROUND, at);
    }
  }
}
