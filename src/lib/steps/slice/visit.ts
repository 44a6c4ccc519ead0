import type { Place, WorkOf } from '../../domain/slice.ts';
import { type Budgeted, type SliceContext, timeIsUp } from './context.ts';
import type { SliceResult } from './result.ts';

/** Parameter of a place that says that all below it is the subject's. */
export const ALL_IS_THEIRS = 'all-is-theirs';
/** Parameter of a place in a container of theirs: how many other people name that container too. */
export const SHARED_WITH = 'shared-with';

/** What a walk is for. */
export type Purpose = WorkOf<'walk'>['purpose'];

/** Upstream asks to be left alone until then. */
export interface Busy {
  readonly until: Date;
  readonly reason: string;
}

/** Where a visit of one place ended: what is to be read next, and whether upstream asked to be left alone. */
export interface Visit {
  readonly next: readonly Place[];
  readonly busy?: Busy;
}

/** An element of a list with its stable key and what addresses it. */
export interface Item {
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly document: unknown;
  /** Position in its page. */
  readonly index: number;
  /** What is remarkable about the shape in which it came. */
  readonly flags: readonly string[];
  /** The document is the item's own, not the list's. */
  readonly wasRead?: true;
  /** It says that it lies in another container than the one in which it was listed. */
  readonly elsewhere?: true;
  /** What was answered instead of its own document, where nothing but inference says what that is. */
  readonly instead?: { readonly value: unknown };
}

/** Other people whose an item is besides, since its container is; none where a decision names the item explicitly. */
export const sharedWith = (
  { record }: { record: Pick<SliceContext['record'], 'include'> },
  { key, parameters }: Pick<Item, 'key' | 'parameters'>,
): number => (record.include?.includes(key) ? 0 : Number(parameters[SHARED_WITH] ?? 0));

/** The ground on which what isn't the subject's alone is kept. */
export const sharedGround = (others: number): string =>
  `It concerns ${others} other ${others === 1 ? 'person' : 'people'} too.`;

/** Whether the slice's budget is used. `underWay`: items that are being dealt with. */
export function isSpent(context: Budgeted, result: SliceResult, underWay = 0): boolean {
  const { limits } = context.deps;
  return result.items + underWay >= limits.sliceItems || result.bytes >= limits.sliceDocumentBytes || timeIsUp(context);
}

/**
 * A place in words: the operation that was not read to its end. It names no value from an answer: a cursor may be a whole address of upstream's.
 */
export function placeName(context: SliceContext, place: Place): string {
  const { family } = context;
  const operation = family.within[place.step]?.list ?? family.list[place.step - family.within.length];
  return `${family.family}: ${operation?.operation ?? 'unknown'} ${place.cursor === undefined ? 'from the start' : 'from a later page on'}`;
}
