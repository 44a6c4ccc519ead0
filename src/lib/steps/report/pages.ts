import { type Counts, settled } from '../../domain/ledger.ts';

/** Items on one page of the report: what a telephone still shows without effort. */
export const ITEMS_ON_PAGE = 500;

/** Pages of the report on one packed result: a result without items has one for what could not be read. */
export const pagesOf = (counts: Counts): number => Math.max(1, Math.ceil(settled(counts) / ITEMS_ON_PAGE));
