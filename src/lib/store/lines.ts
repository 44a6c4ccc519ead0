const LINE_FEED = 0x0a;

/**
 * Lines of a stream of bytes, without their line feeds, one at a time: characters and lines may be cut anywhere by the chunks.
 * @throws RangeError when the last line has no line feed: whoever wrote it wrote whole lines.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) throw new RangeError('the last line is not whole');
}
