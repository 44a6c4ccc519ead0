import type { EraseByCall } from '../../catalog/family.ts';
import { childSliceId } from '../../domain/ids.ts';
import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import type { ChildSlice, GoesOn, WorkOf } from '../../domain/slice.ts';
import { patienceIsOver, type SliceContext, type SliceOutcome, timeIsUp } from '../slice/context.ts';
import { SliceResult } from '../slice/result.ts';
import type { Cleared } from './clear.ts';
import { eraseGroup, groups } from './group.ts';
import { pollErasure } from './poll-erasure.ts';

/** Deletions that upstream may go on with at the same time for one slice: each is asked after, and lost from sight where the slice dies. */
const MOST_GOING_ON = 10;

interface Of {
  readonly way: EraseByCall;
  /** The items of the inventory slice, by their position in it. */
  readonly items: ReadonlyMap<number, FoundLine>;
  readonly cleared: Cleared;
}

/** What a slice has come to. */
interface Course {
  readonly result: SliceResult;
  /** Deletions that go on upstream. */
  readonly goesOn: GoesOn[];
  /** Position of the first item that nothing was called for. */
  next: number;
  /** Something is known that wasn't before. */
  moved: boolean;
}

/** Where and why it stops before all is begun. `until`: upstream asks to be left alone so long. */
interface Stop {
  readonly until?: Date;
  readonly reason?: string;
  /** What stands at `next` may have been carried out. */
  readonly begun?: boolean;
}

/**
 * Erases items one after another. Where upstream only begins a deletion, the next ones are begun meanwhile, and all that go on are asked
 * after together: a slice waits for the slowest of a few, not for each in turn.
 */
export async function eraseItems(context: SliceContext, work: WorkOf<'erase'>, of: Of): Promise<SliceOutcome> {
  const course: Course = { result: new SliceResult(), goesOn: [], next: work.from, moved: false };
  const asked = await askAfter(context, work, { of, course });
  const stop = await beginMore(context, work, { of, course });
  if (stop === undefined && course.goesOn.length === 0) return { kind: 'done', result: course.result, children: [] };
  if (course.moved) return goOn(context, work, { course, stop });
  return {
    kind: 'wait',
    until: nextMoment({ course, stop, asked }),
    reason: stop?.reason ?? 'Deletions go on upstream.',
  };
}

/** Nothing moves. Whoever was asked has named a moment, or is asked again after a pause: all of them then; who wasn't, at its time. */
function nextMoment(of: { course: Course; stop: Stop | undefined; asked: readonly Date[] }): Date {
  const named = [...(of.stop?.until ? [of.stop.until] : []), ...of.asked].map((moment) => moment.getTime());
  return new Date(
    named.length > 0 ? Math.max(...named) : Math.min(...of.course.goesOn.map(({ after }) => Date.parse(after))),
  );
}

const momentOf = ({ after }: GoesOn): Date => new Date(after);

/** Asks after what goes on, each not before its time; when those that still do want to be asked again. */
async function askAfter(
  context: SliceContext,
  work: WorkOf<'erase'>,
  { of, course }: { of: Of; course: Course },
): Promise<Date[]> {
  const now = context.deps.clock.now();
  const due = (work.goesOn ?? []).filter((one) => momentOf(one) <= now);
  course.goesOn.push(...(work.goesOn ?? []).filter((one) => momentOf(one) > now));
  const moments: Date[] = [];
  for (const one of due) {
    const item = itemAt(of, one.at);
    const polled = await pollErasure(context, item, one.pollUrl);
    if (polled.kind === 'busy' && !patienceIsOver(context, context.deps.limits.patienceSeconds)) {
      course.goesOn.push({ ...one, after: polled.until.toISOString() });
      moments.push(polled.until);
      continue;
    }
    const lines = polled.kind === 'busy' ? unanswered([item], { begun: true, reason: polled.reason }) : polled.lines;
    note(course, lines);
  }
  return moments;
}

/** Begins what wasn't yet, until as much goes on as may, or the slice's budget is used, or upstream asks to be left alone. */
async function beginMore(
  context: SliceContext,
  work: WorkOf<'erase'>,
  { of, course }: { of: Of; course: Course },
): Promise<Stop | undefined> {
  const rest = [...of.items].filter(([position]) => position >= work.from).map(([, item]) => item);
  for (const group of groups(of.way, rest)) {
    if (course.goesOn.length >= MOST_GOING_ON) return {};
    if (course.moved && (timeIsUp(context) || !(await context.wanted()))) return { until: context.deps.clock.now() };
    const before = course.next === work.from && work.begun === true;
    const { attempted, begun } = await eraseGroup(context, of, { group, before });
    if (attempted.kind === 'begun') {
      course.goesOn.push({ at: course.next, pollUrl: attempted.pollUrl, after: attempted.until.toISOString() });
      course.moved = true;
    } else if (attempted.kind === 'answered') note(course, attempted.lines);
    else if (course.moved || !patienceIsOver(context, context.deps.limits.patienceSeconds))
      return { until: attempted.until, reason: attempted.reason, begun };
    else note(course, unanswered(group, { begun, reason: attempted.reason }));
    course.next += group.length;
  }
  return undefined;
}

function note(course: Course, lines: readonly AttemptLine[]): void {
  for (const line of lines) course.result.add(line);
  course.moved = true;
}

function itemAt({ items }: Of, position: number): FoundLine {
  const item = items.get(position);
  if (!item) throw new Error(`The inventory has no item ${position}.`);
  return item;
}

/** Patience is over. What was called for may yet have been carried out; what was never called for was not. */
const unanswered = (group: readonly FoundLine[], at: { begun: boolean; reason: string }): AttemptLine[] =>
  group.map((item) => ({
    line: 'attempt',
    key: item.key,
    answer: at.begun ? 'unanswered' : 'refused',
    reason: at.reason,
  }));

/** The rest, from the first moment on at which any of it can be gone on with. */
function goOn(
  context: SliceContext,
  work: WorkOf<'erase'>,
  { course, stop }: { course: Course; stop: Stop | undefined },
): SliceOutcome {
  const { goesOn, next, result } = course;
  const moments = [...(stop?.until ? [stop.until] : []), ...goesOn.map(momentOf)];
  const first = new Date(Math.min(...moments.map((moment) => moment.getTime())));
  const isLater = first > context.deps.clock.now();
  const child: ChildSlice = {
    sliceId: childSliceId('erase', context.ref.sliceId, 'rest'),
    work: {
      kind: work.kind,
      inventory: work.inventory,
      from: next,
      ...(stop?.begun ? { begun: true } : {}),
      ...(goesOn.length > 0 ? { goesOn } : {}),
    },
    ...(isLater ? { notBefore: first.toISOString() } : {}),
  };
  return { kind: 'done', result, children: [child] };
}
