/** The middle of several measurements; of an even number the mean of both in the middle. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest ranks. @param share from 0 to 1. @throws RangeError for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  if (low === undefined || high === undefined) throw new RangeError('There is nothing to take a quantile of.');
  return low + (high - low) * (rank - Math.floor(rank));
}
