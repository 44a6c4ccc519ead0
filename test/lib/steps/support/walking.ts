import { familyNamed } from '../../../../src/lib/catalog/catalog.ts';
import type { Family } from '../../../../src/lib/catalog/family.ts';
import { mintRequestId, mintTaskId, rootSliceId, type SliceId } from '../../../../src/lib/domain/ids.ts';
import type { ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { ChildSlice, WorkOf } from '../../../../src/lib/domain/slice.ts';
import { descend } from '../../../../src/lib/plan/places.ts';
import type { SliceContext, SliceOutcome } from '../../../../src/lib/steps/slice/context.ts';
import { SumsRead } from '../../../../src/lib/steps/slice/sums-of.ts';
import { walk } from '../../../../src/lib/steps/walk/walk.ts';
import { newRecord } from '../../store/support/records.ts';
import type { Stage } from './stage.ts';

/** A family whose lists come in pages of `take` and whose claims are asked for `size` at a time. */
export function inPages(name: string, { take, size }: { take: number; size: number }): Family {
  const family = familyNamed(name);
  return {
    ...family,
    list: family.list.map((list) =>
      list.paging?.by === 'skip-take' ? { ...list, paging: { by: 'skip-take', take } } : list,
    ),
    ...(family.claims ? { claims: { ...family.claims, size } } : {}),
  };
}

/** The context of a slice of a family, as if its attempt had just started. */
export function contextOf(stage: Stage, family: Family, change: Partial<SliceContext> = {}): SliceContext {
  const requestId = mintRequestId();
  const taskId = mintTaskId(1, 0);
  return {
    deps: stage.deps,
    ref: { requestId, taskId, sliceId: rootSliceId('export') },
    record: newRecord({ requestId, state: 'running', run: { n: 1, ended: false } }),
    task: { taskId, family: family.family, target: stage.target.name, stage: 0, way: family.erase.by },
    family,
    target: stage.target,
    facts: { attempts: 1 },
    settling: undefined,
    startedAt: stage.clock.now(),
    wanted: async () => true,
    sums: new SumsRead(),
    mark: async () => undefined,
    ...change,
  };
}

export interface Walked {
  readonly lines: ResultLine[];
  /** Slices that it took. */
  readonly slices: SliceId[];
  /** Times that a slice had to wait. */
  readonly waits: number;
}

const MOST_STEPS = 5000;

/** Walks a family from its roots to the end, slice after slice, turning the clock where upstream asks to wait. */
export async function walkAll(
  stage: Stage,
  at: { family: Family; purpose: WorkOf<'walk'>['purpose']; change?: Partial<SliceContext> },
): Promise<Walked> {
  const { family, purpose } = at;
  const base = contextOf(stage, family, at.change);
  const frontier = descend({ family, version: stage.version }, 0, {});
  const open: ChildSlice[] = [{ sliceId: rootSliceId(purpose), work: { kind: 'walk', purpose, frontier } }];
  const walked: Walked = { lines: [], slices: [], waits: 0 };
  let waits = 0;
  for (let child = open.pop(), steps = 0; child; child = open.pop(), steps += 1) {
    if (steps > MOST_STEPS) throw new Error('The walk has no end.');
    if (child.notBefore !== undefined) stage.clock.turnTo(new Date(child.notBefore));
    const done = await walkSlice(stage, base, child);
    waits += done.waits;
    walked.lines.push(...done.outcome.result.lines);
    walked.slices.push(child.sliceId);
    open.push(...done.outcome.children);
  }
  return { ...walked, waits };
}

async function walkSlice(
  stage: Stage,
  base: SliceContext,
  { sliceId, work }: ChildSlice,
): Promise<{ outcome: Extract<SliceOutcome, { kind: 'done' }>; waits: number }> {
  if (work.kind !== 'walk') throw new Error(`Not a walk: ${work.kind}`);
  let facts = base.facts;
  for (let waits = 0; waits < MOST_STEPS; waits += 1) {
    const ref = { ...base.ref, sliceId };
    const outcome = await walk({ ...base, ref, facts, startedAt: stage.clock.now() }, work);
    if (outcome.kind === 'done') return { outcome, waits };
    facts = { ...facts, waitingSince: facts.waitingSince ?? stage.clock.now().toISOString() };
    stage.clock.turnTo(outcome.until);
  }
  throw new Error('The slice waits for ever.');
}
