import { z } from 'zod';

/** When who last read what, as far as it was told in the journal: `<caller> <what>` to the time of the line. */
export const readsSchema = z.record(z.string(), z.iso.datetime());
export type Reads = z.infer<typeof readsSchema>;

/** A download in ranges, or a page that is looked at again and again, is told once in this time. */
const QUIET_MILLISECONDS = 10 * 60_000;
const MOST_READS = 50;
/** An append blob takes 50,000 blocks (Azure Storage's limit), one for each line: the last of them are for what happens to the request. */
const LAST_LINE_OF_READS = 40_000;
const OTHERS = '(others)';

export interface ReadFacts {
  readonly caller: string;
  readonly what: string;
  readonly now: Date;
}

/** Whether the journal still has room for lines about reads. */
export const mayTellReads = ({ seq }: { readonly seq: number }): boolean => seq < LAST_LINE_OF_READS;

/**
 * The reads after one more, and what of it the journal shall tell; undefined when it was told lately. Past 50 different reads within ten
 * minutes the rest of a caller's are told as one.
 */
export function tellRead(
  from: { reads: Reads | undefined; seq: number },
  { caller, what, now }: ReadFacts,
): { reads: Reads; told: string } | undefined {
  if (!mayTellReads(from)) return undefined;
  const since = new Date(now.getTime() - QUIET_MILLISECONDS).toISOString();
  const lately = Object.entries(from.reads ?? {}).filter(([, at]) => at > since);
  const isKnown = (name: string): boolean => lately.some(([known]) => known === `${caller} ${name}`);
  if (isKnown(what)) return undefined;
  const told = lately.length < MOST_READS ? what : OTHERS;
  if (isKnown(told)) return undefined;
  return { reads: { ...Object.fromEntries(lately), [`${caller} ${told}`]: now.toISOString() }, told };
}
