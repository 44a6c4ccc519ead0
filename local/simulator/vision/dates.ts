/** Three fraction digits with trailing zeros dropped and a `Z`, as recorded ("2019-09-16T15:05:18.54Z"). */
export function visionDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** Seven fraction digits and no zone, as dates inside images come (endpoints.md, part E). `ticks` are units of 100 ns. */
export function imageDate(milliseconds: number, ticks: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(ticks).padStart(4, '0')}`;
}
