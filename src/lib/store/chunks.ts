/**
 * Frees the memory of a chunk at once. Left to the collector, some tens of MiB of chunks that only passed through gather before it comes
 * by, since it sees small objects. What is a part of a larger buffer stays. Whoever reads the chunk afterwards finds it empty.
 */
export function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** Chunks as one. @param done is told of each of several, once it is copied. */
export function joined(chunks: readonly Uint8Array[], done: (chunk: Uint8Array) => void = free): Buffer {
  const [only] = chunks;
  if (only && chunks.length === 1) return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
  const whole = Buffer.concat(chunks);
  chunks.forEach(done);
  return whole;
}
