/** Does all of it in order of the list, `width` at a time. @throws the first failure. */
export async function inLanes<T>(
  list: readonly T[],
  width: number,
  work: (one: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = list.entries();
  const lane = async () => {
    for (const [index, one] of entries) await work(one, index);
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, lane));
}
