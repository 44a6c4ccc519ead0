import type { Counts } from '../../domain/ledger.ts';
import type { MetricAttributes, Telemetry } from '../../domain/telemetry.ts';
import type { SliceContext } from '../slice/context.ts';

/** What becomes of items; the sums of a ledger hold more. */
const TOLD = ['found', 'saved', 'erased', 'absent', 'kept', 'refused'] as const satisfies readonly (keyof Counts)[];

/** Where a slice works, as it may be told; a slice that seals works nowhere upstream. */
export const placeTold = (place: Pick<SliceContext, 'family' | 'target'> | undefined): MetricAttributes =>
  place ? { 'dsr.family': place.family.family, 'dsr.target': place.target.name } : {};

/** Tells what a slice has come to. Only the attempt whose result counts calls this, so nothing is told twice. */
export function tellCounts(telemetry: Telemetry, place: MetricAttributes, counts: Counts): void {
  for (const outcome of TOLD) telemetry.count('dsr.items', counts[outcome], { ...place, 'dsr.outcome': outcome });
  telemetry.count('dsr.content.bytes', counts.bytes, place);
}
