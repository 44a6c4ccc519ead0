import { addSeconds, secondsBetween } from '../../domain/clock.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { SliceWork } from '../../domain/slice.ts';
import type { Pause } from '../../plan/breaker.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import type { SliceOutcome } from '../slice/context.ts';
import { settlingReason } from '../slice/settling.ts';

/** What a slice may do on its target, and what is known of it from now on. */
export type Passage =
  | { readonly kind: 'go' | 'probe'; readonly facts: OpenFacts }
  | { readonly kind: 'wait'; readonly facts: OpenFacts; readonly outcome: Extract<SliceOutcome, { kind: 'wait' }> };

/**
 * Lets a slice wait whose target is paused: the pause ends by itself, so this is no failure. The record's journal says it once. Whoever has
 * waited for longer than patience allows goes on nevertheless, and reports what it can't do; who only settles asks nothing of upstream, but for proofs.
 */
export async function enterTarget(
  deps: Dependencies,
  target: string,
  at: { readonly record: RequestRecord; readonly work: SliceWork['kind']; readonly facts: OpenFacts },
): Promise<Passage> {
  const { record, facts } = at;
  const now = deps.clock.now();
  if (at.work !== 'prove' && settlingReason(record, now) !== undefined)
    return { kind: 'go', facts: withoutPause(facts) };
  if (facts.pausedSince !== undefined && isOver(deps, facts.pausedSince, now)) {
    return { kind: 'go', facts: { ...withoutPause(facts), waitingSince: facts.pausedSince } };
  }
  const entrance = await deps.breaker.enter(target);
  if (entrance.kind === 'probe') return { kind: 'probe', facts };
  if (entrance.kind === 'go') {
    await notePause(deps, record, { target });
    return { kind: 'go', facts: resumed(facts, now) };
  }
  const { pause } = entrance;
  await notePause(deps, record, { target, pause });
  const reason = `${target} is paused since ${pause.since}, because ${pause.because}`;
  const waiting = { ...facts, pausedSince: facts.pausedSince ?? now.toISOString() };
  return {
    kind: 'wait',
    facts: waiting,
    outcome: { kind: 'wait', until: new Date(pause.nextTry), reason, paused: true },
  };
}

const isOver = ({ limits }: Dependencies, since: string, now: Date): boolean =>
  secondsBetween(new Date(since), now) >= limits.patienceSeconds;

function withoutPause({ pausedSince: _, ...facts }: OpenFacts): OpenFacts {
  return facts;
}

/** The pause is none of the time that upstream takes for what was asked. */
function resumed(facts: OpenFacts, now: Date): OpenFacts {
  const { pausedSince, waitingSince } = facts;
  if (pausedSince === undefined || waitingSince === undefined) return withoutPause(facts);
  const paused = secondsBetween(new Date(pausedSince), now);
  return { ...withoutPause(facts), waitingSince: addSeconds(new Date(waitingSince), paused).toISOString() };
}

/** After the one who tried has worked: whether the target is back. */
export async function afterProbe(deps: Dependencies, target: string, record: RequestRecord): Promise<void> {
  if ((await deps.breaker.pause(target)) === undefined) await notePause(deps, record, { target });
}

/** One line when a request meets a pause, one when it goes on; none for each slice. */
async function notePause(
  deps: Dependencies,
  seen: RequestRecord,
  { target, pause }: { readonly target: string; readonly pause?: Pause },
): Promise<void> {
  const isKnown = (record: RequestRecord) => (record.paused?.[target] !== undefined) === (pause !== undefined);
  if (isKnown(seen)) return;
  const at = deps.clock.now();
  const result = await deps.records.change(seen.requestId, (record) => {
    if (isKnown(record) || record.run.n !== seen.run.n) return undefined;
    const { [target]: since, ...others } = record.paused ?? {};
    if (!pause) {
      const reason = `${target} is back; it was paused since ${since ?? 'then'}.`;
      return note(record, 'target-resumed', { at, actor: SYSTEM, reason, patch: { paused: others } });
    }
    const reason = `${target} is paused since ${pause.since}, because ${pause.because}. What is to be done there goes on by itself.`;
    return note(record, 'target-paused', {
      at,
      actor: SYSTEM,
      reason,
      patch: { paused: { ...others, [target]: pause.since } },
    });
  });
  if (result.kind === 'changed')
    deps.log(pause ? 'target-paused' : 'target-resumed', { requestId: seen.requestId, target });
}
