import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import type { Problem } from '../units/problem.js';
import { ReadFault } from '../usage/row.js';
import { fileProblem, type Io, readProblem, shownName } from './io.js';

/** Bytes that a packed or binary file begins with, and what to do about it. */
const others: readonly [start: string, what: string, hint: string][] = [
  ['PK', 'a zip file', 'unpack it, and name the files in it'],
  ['PAR1', 'a Parquet file', 'export it as JSON lines or CSV'],
  ['\u00ff\u00fe', 'encoded as UTF-16', 'save it as UTF-8'],
  ['\u00fe\u00ff', 'encoded as UTF-16', 'save it as UTF-8'],
];

const unknown = '\ufffd';

/**
 * Passes on the text of a file of any size in parts, gzip or plain. What `take` throws comes through.
 *
 * @returns the sha256 of the file as it is, or why it cannot be read
 */
export async function readParts(
  io: Io,
  file: string,
  take: (text: string) => void,
): Promise<{ sha256: string; problem: null } | { sha256: null; problem: Problem }> {
  const name = shownName(file);
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  const fail = (problem: Problem) => ({ sha256: null, problem });
  let isFirst = true;
  try {
    for await (const bytes of unpacked(hashed(io.bytes(file), hash))) {
      const start = isFirst ? Buffer.from(bytes.subarray(0, 4)).toString('latin1') : '';
      const other = others.find(([mark]) => start.startsWith(mark));
      if (other) return fail(fileProblem('binary-file', name, other[1], other[2]));
      if (bytes.includes(0))
        return fail(fileProblem('binary-file', name, 'a binary file, not text', 'is this the file you meant?'));
      isFirst = false;
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      // What stands for bytes that are no character; it may be in the file itself.
      if (text.includes(unknown) && !Buffer.from(bytes).includes(unknown))
        return fail(fileProblem('not-utf8', name, 'not encoded as UTF-8', 'save it as UTF-8'));
      take(text);
    }
    take(decoder.end());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_'))
      return fail(fileProblem('not-readable', name, 'packed by gzip, but broken or cut off', 'pack or load it again'));
    if (error instanceof ReadFault || code === undefined) throw error;
    return fail(readProblem(error, name));
  }
  return { sha256: hash.digest('hex'), problem: null };
}

async function* hashed(parts: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const part of parts) {
    hash.update(part);
    yield part;
  }
}

async function* unpacked(parts: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await parts.next();
  if (first.done) return;
  const [one, two] = first.value;
  if (one !== 0x1f || two !== 0x8b) {
    yield first.value;
    return yield* parts;
  }
  // The stream reads ahead, so it gets copies.
  const all = (async function* () {
    yield Buffer.from(first.value);
    for await (const part of parts) yield Buffer.from(part);
  })();
  const gunzip = createGunzip();
  const source = Readable.from(all);
  // An error of the source ends the reading, too.
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
}
