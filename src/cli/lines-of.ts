const lineFeed = 10;
const carriageReturn = 13;

/**
 * Lines of a stream of bytes, without their ends (LF or CRLF); what stands behind the last one is a line if there is
 * anything. Of a line longer than `maxBytes` comes its beginning, one byte more than that: no more of it is kept.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    // A line end of two bytes counts for none.
    const room = maxBytes + 2 - length;
    if (part.length === 0 || room <= 0) return;
    parts.push(part.subarray(0, room));
    length += Math.min(part.length, room);
  };
  const line = (): Buffer => {
    const bytes = parts.length === 1 ? Buffer.from(parts[0] as Uint8Array) : Buffer.concat(parts);
    parts = [];
    length = 0;
    return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield line();
}
