import type { RequestRecord } from '../../domain/request.ts';
import type { Removing } from '../../store/request-files.ts';
import { holdsOn } from '../holds.ts';
import { hasTime, type SweepDependencies, type SweepOrder } from './sweep.ts';

/** How a sweep removes files of a request: until its time is up, and only while no hold lies on it. @param record none for an orphan. */
export const removing = (deps: SweepDependencies, order: SweepOrder, record?: RequestRecord): Removing => ({
  hasTime: () => hasTime(deps, order),
  isKept: async () => record !== undefined && (await holdsOn(deps, record)).length > 0,
  dryRun: order.dryRun,
});
