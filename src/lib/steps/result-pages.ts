import { z } from 'zod';
import { type RequestId, sliceIdSchema } from '../domain/ids.ts';
import type { Task } from '../domain/plan.ts';
import type { DoneSlice } from '../store/slices.ts';
import type { Dependencies } from './dependencies.ts';

/** Where a page goes on: a task of the list, the list's own marker, and how much of the slice there was told. */
export const placeSchema = z.strictObject({
  task: z.number().int().nonnegative(),
  page: z.string().max(2000).optional(),
  slice: sliceIdSchema.optional(),
  told: z.number().int().nonnegative(),
});
export type Place = z.infer<typeof placeSchema>;

/** Where a first page begins. */
export const START: Place = { task: 0, told: 0 };

/** A place as one word, for whoever asks for the next page. */
export const encoded = <P extends Place>(place: P): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place in such a word; undefined for what is none. */
export function decoded<S extends z.ZodType<Place>>(schema: S, word: string): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(word, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** What is told of the results of some tasks, in the order of the tasks and of their slices' names. */
export interface Telling<K extends Pick<Task, 'taskId'>, T> {
  readonly requestId: RequestId;
  readonly tasks: readonly K[];
  /** Only of slices of this phase; all where it is empty. */
  readonly phase: string;
  of(task: K, slice: DoneSlice): AsyncIterable<T>;
}

/** One page of it from a place on, and where the next begins. What is in memory is the page and one line of a result. */
export async function pageOf<K extends Pick<Task, 'taskId'>, T>(
  deps: Pick<Dependencies, 'slices'>,
  telling: Telling<K, T>,
  { start, limit }: { start: Place; limit: number },
): Promise<{ entries: T[]; next?: Place }> {
  const entries: T[] = [];
  for await (const { entry, place } of entriesFrom(deps, telling, start)) {
    if (entries.length === limit) return { entries, next: place };
    entries.push(entry);
  }
  return { entries };
}

interface At<T> {
  readonly entry: T;
  /** Of this very entry: a page that is full goes on here. */
  readonly place: Place;
}

const LIST_PAGE = 1000;

async function* entriesFrom<K extends Pick<Task, 'taskId'>, T>(
  deps: Pick<Dependencies, 'slices'>,
  { requestId, tasks, phase, of }: Telling<K, T>,
  start: Place,
): AsyncGenerator<At<T>> {
  for (const [index, task] of tasks.entries()) {
    if (index < start.task) continue;
    const isFirst = index === start.task;
    const { taskId } = task;
    let page = isFirst ? start.page : undefined;
    do {
      const listed = await deps.slices.listDone({ requestId, taskId }, phase, { limit: LIST_PAGE, marker: page });
      for (const slice of listed.slices) {
        const { sliceId } = slice;
        if (isFirst && start.slice !== undefined && sliceId < start.slice) continue;
        const skip = isFirst && sliceId === start.slice ? start.told : 0;
        const place = { task: index, ...(page !== undefined && { page }), slice: sliceId };
        let told = 0;
        for await (const entry of of(task, slice)) {
          if (told >= skip) yield { entry, place: { ...place, told } };
          told += 1;
        }
      }
      page = listed.marker;
    } while (page !== undefined);
  }
}
