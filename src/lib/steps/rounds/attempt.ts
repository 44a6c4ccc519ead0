import { familyNamed } from '../../catalog/catalog.ts';
import { pseudonymOf } from '../../domain/submission-digest.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { seal } from '../receipt/seal.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { settlingReason } from '../slice/settling.ts';
import { SumsRead } from '../slice/sums-of.ts';
import { registeredTarget, taskOf } from '../tasks.ts';
import { type Carrier, type Link, leave } from './carrier.ts';
import { afterProbe, enterTarget } from './enter-target.ts';
import { finishAgain } from './finish-slice.ts';
import { placeTold, tellCounts } from './told-slice.ts';
import { waitUntil } from './wait-until.ts';
import { workOn } from './work-on.ts';

/** Where the slices of a task work. */
export type WorkPlace = Pick<SliceContext, 'task' | 'target' | 'family'>;

/** What an attempt came to. `next`: what its message goes on with; without it the round is to be told, unless it has been. */
export type Attempted =
  | { readonly handled: 'done'; readonly next?: Link | undefined; readonly told?: true }
  | { readonly handled: 'waiting' };

/** Works on a slice whose attempt is counted, commits its result once, writes the slices it leaves, and closes it. */
export async function attempt(
  deps: Dependencies,
  carrier: Carrier,
  at: Link & { readonly place: WorkPlace | undefined },
): Promise<Attempted> {
  const { message, opened, place } = at;
  const record = carrier.record();
  const told = placeTold(place);
  deps.telemetry.note({ ...told, 'dsr.slice.kind': opened.work.kind });
  const entering = { record, work: opened.work.kind, facts: opened.facts };
  const passage = place && (await enterTarget(deps, place.target.name, entering));
  let { etag } = opened;
  let facts = passage?.facts ?? opened.facts;
  const mark = async (): Promise<void> => {
    if (facts.marked) return;
    facts = { ...facts, marked: true };
    const next = await deps.slices.note(message, facts, etag);
    if (next === undefined) throw new Error(`Slice ${message.sliceId} is being worked on by someone else.`);
    etag = next;
  };
  const outcome = passage?.kind === 'wait' ? passage.outcome : await run(deps, carrier, { ...at, mark, facts });
  if (place && passage?.kind === 'probe') await afterProbe(deps, place.target.name, record);
  if (outcome.kind === 'wait') {
    await waitUntil(deps, message, { facts, etag, outcome });
    return { handled: 'waiting' };
  }
  const header = {
    ...outcome.result.header(message.sliceId, opened.work.kind, outcome.children),
    ...outcome.result.othersAs((person) => pseudonymOf(record, person)),
  };
  const committed = await deps.slices.commit(message, header, outcome.result.lines);
  if (committed === 'committed') {
    tellCounts(deps.telemetry, told, header.counts);
    return { handled: 'done', next: await leave(deps, carrier, { message, header }) };
  }
  // The winner may have finished long ago, and what it left be done: that isn't opened again.
  const winner = await deps.slices.readHeader(message);
  if (winner) await finishAgain(deps, { message, header: winner, raise: carrier.raise, closed: false });
  return { handled: 'done', told: true };
}

/** Where a slice works; undefined for one that seals. */
export async function placeOf(deps: Dependencies, { message, opened }: Link): Promise<WorkPlace | undefined> {
  if (opened.work.kind === 'volume' || opened.work.kind === 'manifest') return undefined;
  const task = await taskOf(deps, message);
  return { task, target: registeredTarget(deps, task.target), family: familyNamed(task.family) };
}

async function run(
  deps: Dependencies,
  carrier: Carrier,
  at: Link & { place: WorkPlace | undefined; mark: () => Promise<void>; facts: OpenFacts },
): Promise<SliceOutcome> {
  const { place, mark, facts } = at;
  const { work } = at.opened;
  const record = carrier.record();
  const startedAt = deps.clock.now();
  const wanted = () => carrier.wanted();
  const base = { deps, ref: at.message, record, facts, startedAt, mark, wanted, sums: new SumsRead() };
  if (work.kind === 'volume' || work.kind === 'manifest') return seal(base, work);
  if (!place) throw new Error(`Slice ${at.message.sliceId} has no place to work at.`);
  return workOn({ ...base, ...place, settling: settlingReason(record, startedAt) }, work);
}
