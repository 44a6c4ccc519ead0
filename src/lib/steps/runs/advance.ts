import { isActive } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { AdvanceInput, Done, Next } from '../../domain/run.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdBack } from '../holds.ts';
import { begin } from '../moves.ts';
import { keepDue } from '../request/keep-due.ts';
import type { Step } from '../step.ts';
import { advancePlanning } from './advance-planning.ts';
import { advanceLane, advanceRunning } from './advance-running.ts';
import { advanceSealing } from './advance-sealing.ts';

const STOP_STALE: Next = { kind: 'stop', why: 'another run works on the request, or it has ended' };
const STOP_HELD: Next = { kind: 'stop', why: 'a hold keeps it back' };
/** Moves that one call may make; each leads on along the table of moves. */
const MOST_MOVES = 12;

/** Says what the run does next, and moves the request on where that is due. Safe to repeat from any point. */
export async function advance(deps: Dependencies, input: AdvanceInput): Promise<Next> {
  let { done } = input;
  for (let count = 0; count < MOST_MOVES; count += 1) {
    const record = await deps.records.read(input.requestId);
    if (!record || record.run.n !== input.run || record.run.ended) return STOP_STALE;
    if (isActive(record.state) && (await holdBack(deps, record))) return STOP_HELD;
    // Before the end, so that what ends late is told as late, whether or not the watchdog came by.
    if (record.state === 'sealing' && (await keepDue(deps, record))) continue;
    if (input.lane !== undefined) return advanceLane(deps, record, { lane: input.lane, done });
    const step = await stepFrom(deps, record, done);
    if (step.kind !== 'again') return step;
    done = undefined;
  }
  throw new Error(`Request ${input.requestId} moved ${MOST_MOVES} times without coming to work: this is a defect.`);
}

function stepFrom(deps: Dependencies, record: RequestRecord, done: Done | undefined): Promise<Step> | Step {
  switch (record.state) {
    case 'received':
      return begin(deps, record);
    case 'planning':
      return advancePlanning(deps, record, done);
    case 'running':
      return advanceRunning(deps, record, done);
    case 'sealing':
      return advanceSealing(deps, record, done);
    default:
      return STOP_STALE;
  }
}
