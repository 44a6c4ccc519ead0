import type { Task } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { addSums, type KeySum, NO_KEYS } from '../../domain/sums.ts';
import type { Dependencies } from '../dependencies.ts';

const PAGE = 500;

/** Sums of one taking of a task's inventory, for each parent; what is in memory grows with the parents, not with the items. */
export interface Sums {
  readonly sums: ReadonlyMap<string, KeySum>;
  /** Places that could not be read. */
  readonly gaps: number;
}

type Taking = 'inventory' | 'recheck';

interface Of {
  readonly deps: Pick<Dependencies, 'slices'>;
  readonly record: Pick<RequestRecord, 'requestId'>;
}

/** Sums of takings that are over, each read once however many items ask: kept while one slice works. */
export class SumsRead {
  readonly #read = new Map<string, Promise<Sums>>();

  of(context: Of, task: Task, phase: Taking): Promise<Sums> {
    const name = `${task.taskId} ${phase}`;
    const sums = this.#read.get(name) ?? sumsOf(context, task, phase);
    this.#read.set(name, sums);
    return sums;
  }
}

/** Sums over all slices of one taking of the inventory. */
async function sumsOf(context: Of, task: Task, phase: Taking): Promise<Sums> {
  const { slices } = context.deps;
  const place = { requestId: context.record.requestId, taskId: task.taskId };
  const sums = new Map<string, KeySum>();
  let gaps = 0;
  let marker: string | undefined;
  do {
    const page = await slices.listDone(place, phase, { limit: PAGE, marker });
    for (const { sliceId, counts } of page.slices) {
      gaps += counts.gaps;
      const header = await slices.readHeader({ ...place, sliceId });
      for (const [parent, sum] of Object.entries(header?.parents ?? {}))
        sums.set(parent, addSums(sums.get(parent) ?? NO_KEYS, sum));
    }
    marker = page.marker;
  } while (marker !== undefined);
  return { sums, gaps };
}
