import { text } from 'node:stream/consumers';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { journalFaults, journalLineSchema } from '../../../../src/lib/domain/journal.ts';
import {
  type LifecycleEvent,
  MOVES,
  nextState,
  type State,
  stateSchema,
} from '../../../../src/lib/domain/lifecycle.ts';
import type { Stage } from './stage.ts';

/** Every event of the table of moves, wherever it is lawful. */
const MOVE_NAMES = new Set(Object.values(MOVES).flatMap((moves) => Object.keys(moves)));
export const isMove = (event: string): event is LifecycleEvent => MOVE_NAMES.has(event);

/**
 * What is wrong with a request's journal, as sentences: a broken chain, a head that isn't the record's, a state that no move leads to.
 * @param from the state in which the record was stored.
 */
export async function unlawful({ deps }: Stage, requestId: RequestId, from: State = 'received'): Promise<string[]> {
  const journal = await deps.records.journal(requestId);
  const record = await deps.records.read(requestId);
  if (!journal || !record) return ['There is no journal.'];
  const lines = (await text(journal.stream)).split('\n').slice(0, -1);
  const faults = journalFaults(lines, record.journal);
  let before = from;
  for (const line of lines.slice(1)) {
    const { event, state } = journalLineSchema.parse(JSON.parse(line));
    if (state !== (isMove(event) ? nextState(before, event) : before))
      faults.push(`${event} leads from ${before} to ${state}.`);
    before = stateSchema.parse(state);
  }
  if (before !== record.state) faults.push(`The journal ends in ${before}, the record in ${record.state}.`);
  return faults;
}
