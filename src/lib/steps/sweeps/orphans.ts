import { addDays, secondsBetween } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import { isActive, isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { lookAgain } from '../look-again.ts';
import { remindOfHolds } from './hold-reviews.ts';
import { removing } from './removing.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, sweepOf, type Tally } from './sweep.ts';

/** Who writes into a folder has written its record before, or does within this time after a crash. */
const GRACE_DAYS = 2;
/** A record that was touched more recently than this is somebody's work in progress. */
const QUIET_SECONDS = 900;

const nothing = { seen: 0, orphans: 0, blobs: 0, mended: 0, poked: 0, released: 0, keys: 0, reviews: 0, failed: 0 };
type OrphanTally = Tally<keyof typeof nothing>;

/**
 * Walks over all folders of requests: removes those without a record and results that came after their removal, writes tags again that are out of
 * step with the record, sends messages again that got lost, frees targets of requests that have ended, reminds of holds that nobody has
 * reviewed in time. Goes on where the last tick stopped.
 */
export const sweepOrphans = sweepOf(nothing, async (deps, order, tally) => {
  await remindOfHolds(deps, { order, tally });
  let marker = order.dryRun ? undefined : await deps.walk.position();
  if (marker === undefined) {
    await freeTargets(deps, { order, tally });
    await removeKeys(deps, { order, tally });
  }
  do {
    const page = await deps.walk.folders(marker);
    for (const requestId of page.requestIds) {
      if (!hasTime(deps, order)) tally.more = true;
      if (tally.more) return;
      tally.counts.seen += 1;
      await safely(deps, { sweep: 'orphans', requestId, tally }, () => look(deps, requestId, { order, tally }));
    }
    // What the last folder has left is gone on with where this page begins.
    if (tally.more) return;
    marker = page.marker;
    if (!order.dryRun) await deps.walk.keepPosition(marker);
  } while (marker !== undefined);
});

interface At {
  readonly order: SweepOrder;
  readonly tally: OrphanTally;
}

async function look(deps: SweepDependencies, requestId: RequestId, at: At): Promise<void> {
  const { counts } = at.tally;
  const mended = await deps.records.mend(requestId, { dryRun: at.order.dryRun });
  if (mended === 'missing') return removeOrphan(deps, requestId, at);
  if (mended === 'mended') {
    counts.mended += 1;
    at.tally.name(requestId);
  }
  const record = await deps.records.read(requestId);
  if (!record) return;
  if (record.results?.removedAt !== undefined) {
    const removed = await deps.files.removeResults(requestId, removing(deps, at.order, record));
    counts.blobs += removed.blobs;
    if (removed.more) at.tally.more = true;
  }
  if (isActive(record.state) && isQuiet(deps, record)) {
    counts.poked += 1;
    if (!at.order.dryRun) await lookAgain(deps, requestId);
  }
}

function isQuiet({ clock }: SweepDependencies, { stateSince, run }: RequestRecord): boolean {
  const last = run.claimedAt !== undefined && run.claimedAt > stateSince ? run.claimedAt : stateSince;
  return secondsBetween(new Date(last), clock.now()) >= QUIET_SECONDS;
}

async function removeOrphan(deps: SweepDependencies, requestId: RequestId, { order, tally }: At): Promise<void> {
  const last = await deps.walk.lastWritten(requestId);
  if (!last || last > addDays(deps.clock.now(), -GRACE_DAYS)) return;
  const removed = await deps.files.removeAll(requestId, removing(deps, order));
  tally.counts.blobs += removed.blobs;
  if (removed.more) {
    tally.more = true;
    return;
  }
  tally.counts.orphans += 1;
  tally.name(requestId);
}

/** A request that has ended, or is gone, may hold no target and wait for none: others would wait behind it for ever. */
async function freeTargets(deps: SweepDependencies, { order, tally }: At): Promise<void> {
  for (const { target, requestId } of await deps.walk.markers()) {
    await safely(deps, { sweep: 'orphans', requestId, tally }, async () => {
      const record = await deps.records.read(requestId);
      if (record && !isEnded(record.state)) return;
      tally.counts.released += 1;
      if (order.dryRun) return;
      for (const waiting of await deps.exclusion.leave(target, requestId)) await lookAgain(deps, waiting);
    });
  }
}

/** A key whose request never came to be, or whose person was removed: records of older versions don't name their key. */
async function removeKeys(deps: SweepDependencies, { order, tally }: At): Promise<void> {
  let last = order.dryRun ? undefined : await deps.positions.keys.take();
  for await (const { digest, requestId } of deps.walk.keys(addDays(deps.clock.now(), -GRACE_DAYS), last)) {
    if (!hasTime(deps, order)) {
      tally.more = true;
      if (!order.dryRun && last !== undefined) await deps.positions.keys.keep(last);
      return;
    }
    last = digest;
    await safely(deps, { sweep: 'orphans', requestId, tally }, async () => {
      const record = await deps.records.read(requestId);
      if (record && !record.forgotten) return;
      tally.counts.keys += 1;
      if (!order.dryRun) await deps.files.removeKey(digest);
    });
  }
}
