import type { RequestId, TaskId } from '../../domain/ids.ts';
import { KeySet, partsOf } from '../../domain/key-set.ts';
import type { Dependencies } from '../dependencies.ts';

const PAGE = 1000;

/** The results of a task, in order. */
export interface OfTask {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
}

/** The keys of a task's lines of one kind, from its results as they lie in storage now. */
async function* keysOf(
  { slices }: Pick<Dependencies, 'slices'>,
  task: OfTask,
  kind: 'found' | 'item',
): AsyncGenerator<string> {
  let marker: string | undefined;
  do {
    const page = await slices.listDone(task, '', { limit: PAGE, marker });
    for (const { sliceId } of page.slices) yield* (await slices.digest({ ...task, sliceId })).keys[kind];
    marker = page.marker;
  } while (marker !== undefined);
}

/** How many items that one task found have no final line in the other; flat in memory, whatever their number is. */
export async function itemsWithout(
  deps: Pick<Dependencies, 'slices'>,
  { found, ended }: { readonly found: OfTask; readonly ended: OfTask },
  count: number,
): Promise<number> {
  const parts = partsOf(count);
  let without = 0;
  for (let part = 0; part < parts; part += 1) {
    const keys = new KeySet(part, parts);
    for await (const key of keysOf(deps, ended, 'item')) keys.add(key);
    for await (const key of keysOf(deps, found, 'found')) if (keys.lacks(key)) without += 1;
  }
  return without;
}

/** Whether a key has more than one final line in a task. Of several parts the first is told by `noted`: its lines are read anyway. */
export class Repeats {
  readonly #parts: number;
  readonly #first: KeySet;
  #any = false;

  /** @param items that the task has ended, about. */
  constructor(items: number) {
    this.#parts = partsOf(items);
    this.#first = new KeySet(0, this.#parts);
  }

  note(keys: readonly string[]): void {
    for (const key of keys) this.#any = this.#first.add(key) === 'again' || this.#any;
  }

  /** Once all results were noted. */
  async any(deps: Pick<Dependencies, 'slices'>, task: OfTask): Promise<boolean> {
    for (let part = 1; part < this.#parts && !this.#any; part += 1) {
      const keys = new KeySet(part, this.#parts);
      for await (const key of keysOf(deps, task, 'item')) this.#any = keys.add(key) === 'again' || this.#any;
    }
    return this.#any;
  }
}
