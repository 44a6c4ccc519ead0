import { createHash } from 'node:crypto';
import { packTask } from '../../domain/edition.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { move, note, SYSTEM } from '../../plan/moves.ts';
import { hasPackage, type Outcome } from '../../plan/outcome.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';
import { settlingReason } from '../slice/settling.ts';
import { readTasks, revisionOf } from '../tasks.ts';

type Deaths = NonNullable<RequestRecord['run']['deaths']>;

const READS_AT_A_TIME = 8;
/** The wait before the next run, doubled with each death, is at most this long. */
const LONGEST_WAIT_SECONDS = 6 * 3600;

/** Runs in a row that began and died, counting the last one; a run that got any further than the one before begins the count anew. */
export async function deathsOf(deps: Dependencies, record: RequestRecord): Promise<Deaths> {
  const mark = await markOf(deps, record);
  const before = record.run.deaths;
  return { count: before?.mark === mark ? before.count + 1 : 1, mark };
}

/** Seconds after the last claim before the watchdog starts the next run. */
export const waitAfterDeaths = (deaths: Deaths | undefined, seconds: number): number =>
  deaths ? Math.min(LONGEST_WAIT_SECONDS, seconds * 2 ** deaths.count) : seconds;

/** How far a request is, by what its rounds left. */
async function markOf(deps: Dependencies, record: RequestRecord): Promise<string> {
  const { requestId, state, standDown, withoutPackage } = record;
  const list = await readTasks(deps, requestId, revisionOf(record));
  const taskIds = [...(list?.tasks ?? []).map(({ taskId }) => taskId), packTask(record)];
  const progress = await inParallel(taskIds, READS_AT_A_TIME, async (taskId) => {
    const one = await deps.rounds.readProgress(requestId, taskId);
    return one && [one.phase, one.counts, one.open, one.finished];
  });
  const facts = [state, revisionOf(record), standDown !== undefined, withoutPackage ?? false, progress];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/**
 * Brings a request whose runs die one after another closer to its end, by one rung at a time: it begins nothing more; then what was done is
 * accounted for; then the package is left out. What was changed upstream never ends without a receipt: then the operator is told.
 */
export async function cutShort(deps: Dependencies, seen: RequestRecord, { count }: Deaths): Promise<void> {
  const at = deps.clock.now();
  const facts = { at, reason: `${count} runs in a row began and died without getting any further.` };
  const result = await deps.records.change(seen.requestId, (record) =>
    record.run.n === seen.run.n && record.state === seen.state && !record.run.ended ? rungOf(record, facts) : undefined,
  );
  if (result.kind !== 'changed') return;
  const { requestId, state } = result.record;
  deps.log('cut-short', { requestId, state, runs: count });
  if (seen.state === 'received') await cutShort(deps, result.record, { count, mark: '' });
}

function rungOf(record: RequestRecord, { at, reason }: { at: Date; reason: string }): RecordChange | undefined {
  const facts = { at, actor: SYSTEM, reason };
  switch (record.state) {
    case 'received':
      return move(record, 'begin', facts);
    case 'planning':
      return move(record, 'finish', { ...facts, patch: { outcome: outcomeOf(record, reason) } });
    case 'running':
      if (settlingReason(record, at) !== undefined)
        return move(record, 'finish', { ...facts, patch: { outcome: outcomeOf(record, reason) } });
      return note(record, 'escalated', { ...facts, patch: { standDown: reason, escalatedAt: at.toISOString() } });
    case 'sealing':
      return rungOfSealing(record, facts);
    default:
      return undefined;
  }
}

function rungOfSealing(record: RequestRecord, facts: { at: Date; actor: string; reason: string }): RecordChange {
  const outcome: Outcome = { event: 'fail', reason: facts.reason };
  const told = { escalatedAt: facts.at.toISOString() };
  if (hasPackage(record) && !record.withoutPackage)
    return note(record, 'escalated', { ...facts, patch: { ...told, withoutPackage: true, outcome } });
  const end = record.touchedUpstream
    ? undefined
    : move(record, 'fail', { ...facts, patch: { outcome, run: { ...record.run, ended: true } } });
  return end ?? note(record, 'escalated', { ...facts, patch: told });
}

function outcomeOf(record: RequestRecord, reason: string): Outcome {
  if (record.cancel) return { event: 'end-cancelled', reason };
  return { event: record.touchedUpstream || record.state === 'running' ? 'complete-partially' : 'fail', reason };
}
