import { z } from 'zod';

/** When who last read what, as far as it was told in the journal: `<caller> <what>` to the time of the line. */
export const readsSchema = z.record(z.string(), z.iso.datetime());
export type Reads = z.infer<typeof readsSchema>;

/** A download in ranges, or a page that is looked at again and again, is told once in this time. */
const QUIET_MILLISECONDS = 10 * 60_000;
/** Bounds the record. Of more than so many in the quiet time the oldest is forgotten: it is told again when it comes again. */
const MOST_READS = 50;
/** An append blob takes 50,000 blocks (Azure Storage's limit), one for each line: the last of them are for what happens to the request. */
const LAST_LINE_OF_READS = 40_000;

export interface ReadFacts {
  readonly caller: string;
  readonly what: string;
  readonly now: Date;
  /** A line each time, however lately there was one; what isn't `each` and follows it is told already. */
  readonly each?: boolean;
}

/** Whether the journal still has room for lines about reads. */
export const mayTellReads = ({ seq }: { readonly seq: number }): boolean => seq < LAST_LINE_OF_READS;

/** What one more read asks of the journal: nothing since it was told lately, a line that it has no room for, or a line and these reads after it. */
export type Telling = 'lately' | 'full' | { readonly reads: Reads };

/** What the journal is to be told of one more read. What `full` may be handed out in spite of, its caller decides. */
export function tellRead(
  from: { readonly reads: Reads | undefined; readonly seq: number },
  { caller, what, now, each = false }: ReadFacts,
): Telling {
  const since = new Date(now.getTime() - QUIET_MILLISECONDS).toISOString();
  const lately = Object.entries(from.reads ?? {}).filter(([, at]) => at > since);
  const name = `${caller} ${what}`;
  if (!each && lately.some(([known]) => known === name)) return 'lately';
  if (!mayTellReads(from)) return 'full';
  const others = lately.filter(([known]) => known !== name);
  const kept = others.toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, MOST_READS - 1);
  return { reads: Object.fromEntries([...kept, [name, now.toISOString()]]) };
}
