import { familyNamed } from '../../catalog/catalog.ts';
import type { Hold } from '../../domain/hold.ts';
import type { RequestId } from '../../domain/ids.ts';
import { addCounts, type Counts, NO_COUNTS, settled } from '../../domain/ledger.ts';
import { isActive, isEnded, type State } from '../../domain/lifecycle.ts';
import { type Search, type Task, taskListSchema } from '../../domain/plan.ts';
import type { Action, RequestRecord } from '../../domain/request.ts';
import { searchOf } from '../../plan/searches.ts';
import { type WaitsFor, waitsFor } from '../../plan/waits.ts';
import type { Progress } from '../../store/rounds.ts';
import type { Dependencies } from '../dependencies.ts';
import { holdsOn } from '../holds.ts';
import { inParallel } from '../in-parallel.ts';
import { revisionOf } from '../tasks.ts';
import { type PauseView, viewPauses } from './view-pauses.ts';
import { wholeCounts } from './whole-counts.ts';

const READS_AT_A_TIME = 8;

/** Sums as a portal sees them: items found, with a final line (`done`), and without one yet (`open`). */
export type ViewCounts = Pick<
  Counts,
  'found' | 'saved' | 'erased' | 'absent' | 'kept' | 'refused' | 'gaps' | 'bytes'
> & { readonly done: number; readonly open: number };

export type TaskView = Omit<Task, 'way' | 'contents'> &
  ViewCounts & {
    readonly phase: string;
    readonly finished: boolean;
    /** By what the person is looked for, and what may stay unfound. */
    readonly search?: Search;
  };

type Told = 'requestId' | 'state' | 'stateSince' | 'submittedAt' | 'submittedBy' | 'deadline';
type MaybeTold =
  | 'due'
  | 'late'
  | 'held'
  | 'plan'
  | 'decisionDeadline'
  | 'decision'
  | 'cancel'
  | 'waitingFor'
  | 'outcome'
  | 'endedAt'
  | 'edition'
  | 'redrive'
  | 'results'
  | 'forgotten'
  | 'policy';

/** A request as anybody with a key may see it: nothing of the person. */
export interface RequestView extends Pick<RequestRecord, Told>, Partial<Pick<RequestRecord, MaybeTold>> {
  /** Without the watchdog's own marks. */
  readonly run: Omit<RequestRecord['run'], 'deaths'>;
  readonly action: Action;
  readonly dryRun: boolean;
  readonly targets: readonly string[];
  readonly active: boolean;
  /** When the answer is due by law. */
  readonly expectedCompletion?: string;
  /** Who has to do something for it to go on, until when, and what happens then; absent once it has ended. */
  readonly waitsFor?: WaitsFor;
  /** Targets that are down or refuse to let us in: tried again by themselves. */
  readonly paused?: readonly PauseView[];
  /** What keeps deletes and sweeps back. */
  readonly holds?: readonly Hold[];
  readonly tasks: readonly TaskView[];
  readonly totals: ViewCounts;
}

/** Where a request stands, from its record and the sums that rounds left; nothing is counted and nothing is listed here. */
export async function viewRequest(
  deps: Pick<Dependencies, 'records' | 'documents' | 'rounds' | 'holds' | 'breaker'>,
  requestId: RequestId,
): Promise<RequestView | undefined> {
  const record = await deps.records.read(requestId);
  if (!record) return undefined;
  const list = record.state === 'received' ? undefined : await readList(deps, record);
  const tasks = list?.tasks ?? [];
  const read = await inParallel(tasks, READS_AT_A_TIME, async (task) => {
    const progress = await deps.rounds.readProgress(requestId, task.taskId);
    return { task, progress, counts: await wholeCounts(deps, record, { task, progress }) };
  });
  const totals = read.reduce((sum, one) => addCounts(sum, one.counts), NO_COUNTS);
  const holds = await holdsOn(deps, record);
  const waits = waitsFor(record, holds);
  const paused = await viewPauses(deps, record);
  return {
    ...factsOf(record),
    ...(waits && { waitsFor: waits }),
    ...(paused.length > 0 && { paused }),
    ...(holds.length > 0 && { holds }),
    tasks: read.map((one) => taskView(record, one)),
    totals: countsView(record.results?.totals ?? totals),
  };
}

const readList = (deps: Pick<Dependencies, 'documents'>, record: RequestRecord) =>
  deps.documents.read({ requestId: record.requestId, name: `tasks-${revisionOf(record)}.json` }, taskListSchema);

function factsOf(record: RequestRecord): Omit<RequestView, 'tasks' | 'totals' | 'holds' | 'waitsFor' | 'paused'> {
  const { requestId, state, stateSince, submittedAt, submittedBy, deadline, run, targets, submission } = record;
  const { plan, decisionDeadline, decision, cancel, waitingFor, outcome, endedAt, due, late, held } = record;
  const { results, forgotten, policy, edition, redrive } = record;
  return {
    requestId,
    action: submission.action,
    dryRun: submission.dryRun,
    targets,
    state,
    stateSince,
    submittedAt,
    submittedBy,
    deadline,
    run: toldOf(run),
    active: isActive(state),
    ...(due && { due, expectedCompletion: due.by }),
    ...(late !== undefined && { late }),
    // While a plan is being made its revision is known, its hash is not.
    ...(plan && plan.hash !== '' && { plan }),
    ...(isWaiting(state) && decisionDeadline !== undefined && { decisionDeadline }),
    ...(decision && { decision }),
    ...(cancel && { cancel }),
    ...(held && !isEnded(state) && { held }),
    ...(waitingFor && isActive(state) && { waitingFor }),
    ...(outcome && { outcome }),
    ...(endedAt !== undefined && { endedAt }),
    ...(edition !== undefined && { edition }),
    ...(redrive && !isEnded(state) && { redrive }),
    ...(results && { results }),
    ...(forgotten && { forgotten }),
    ...(policy && { policy }),
  };
}

const toldOf = ({ deaths: _deaths, ...run }: RequestRecord['run']): RequestView['run'] => run;

const isWaiting = (state: State): boolean => state === 'awaiting-decision';

function taskView(
  { submission, forgotten }: RequestRecord,
  { task, progress, counts }: { task: Task; progress: Progress | undefined; counts: Counts },
): TaskView {
  const { way: _way, contents: _contents, ...told } = task;
  // Once the person is removed from the record nobody can tell by what they were looked for; the receipt does.
  const search = forgotten ? undefined : searchOf(familyNamed(task.family), submission);
  return {
    ...told,
    ...(search && { search }),
    phase: progress?.phase ?? 'waiting',
    ...countsView(counts),
    finished: progress?.finished ?? false,
  };
}

function countsView(counts: Counts): ViewCounts {
  const { found, saved, erased, absent, kept, refused, gaps, bytes } = counts;
  const done = settled(counts);
  return { found, done, open: Math.max(0, found - done), saved, erased, absent, kept, refused, gaps, bytes };
}
