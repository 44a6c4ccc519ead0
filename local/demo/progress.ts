import type { RequestStatus, TaskStatus } from '../../src/lib/api/answers.ts';
import { bytesText } from './text.ts';

const BAR_WIDTH = 20;

/** One line for each task: family, target, bar, items done of those found, open ones, bytes, and what is being done. */
export function progressLines(request: RequestStatus): string[] {
  const family = widest(request.tasks.map((task) => task.family));
  const target = widest(request.tasks.map((task) => task.target));
  return request.tasks.map((task) =>
    [
      task.family.padEnd(family),
      task.target.padEnd(target),
      bar(task),
      `${task.done} of ${task.found}`.padStart(9),
      `${task.open} open`.padStart(8),
      bytesOf(task).padStart(9),
      doing(request, task),
    ].join('  '),
  );
}

/** The same for one task without a bar, for a log; undefined while there is nothing to tell of. */
export function progressSentence(request: RequestStatus, task: TaskStatus): string | undefined {
  const { family, target, found, done, finished } = task;
  if (done === 0 && !(finished && request.state !== 'running')) return undefined;
  const sums = done === 0 ? [`${found} found`] : [`${done} of ${found}`, bytesOf(task)];
  return [`${family} on ${target} ${doing(request, task)}`, ...sums].filter((part) => part !== '').join(', ');
}

/** Nothing for families without files. */
const bytesOf = ({ bytes }: TaskStatus): string => (bytes === 0 ? '' : bytesText(bytes));

function bar({ found, done, finished }: TaskStatus): string {
  const share = found === 0 ? Number(finished) : done / found;
  const full = Math.floor(share * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** What the phase of a task is called for people; a task of a later stage still shows its inventory. */
function doing({ action, state }: RequestStatus, { phase, finished, kept }: TaskStatus): string {
  if (phase === 'waiting') return 'waiting';
  if (action === 'export') {
    // Before it is carried out, an export only asks whom else it would be about.
    if (state === 'planning') return finished ? 'looked at' : 'being looked at';
    return finished ? 'exported' : 'exporting';
  }
  if (phase === 'inventory') {
    if (!finished) return 'being listed';
    return state === 'running' ? 'waits for its stage' : 'listed';
  }
  if (phase === 'erase') return 'erasing';
  if (!finished) return 'proving';
  return kept > 0 ? 'kept: see the receipt' : 'proved gone';
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
