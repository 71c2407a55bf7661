import * as fs from 'node:fs';
import path from 'node:path';

/** Unfinished files, to be removed if the process ends early. */
const unfinished = new Set<() => void>();
const dropUnfinished = (): void => {
  for (const drop of unfinished) drop();
};

/** As many as Linux follows. */
const mostLinks = 40;

/** Where a path leads, with links followed as far as they exist, for a file not yet written. */
export function realPath(file: string, followed = 0): string {
  const full = path.resolve(file);
  try {
    return fs.realpathSync(full);
  } catch (error) {
    const folder = path.dirname(full);
    if (folder === full) return full;
    const there = path.join(realPath(folder, followed), path.basename(full));
    // Links may lead round and round, also by way of folders that are not there.
    const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT' && followed < mostLinks && isLink(there);
    return isLost ? realPath(path.resolve(path.dirname(there), fs.readlinkSync(there)), followed + 1) : there;
  }
}

const isLink = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** A file written in parts. `drop` leaves the old one. Throws as the system does. */
export type Replacing = { write(text: string): void; end(): void; drop(): void };

/**
 * Writes a temporary file and renames it at the end. Devices and pipes are written directly.
 *
 * @throws where the file cannot be written
 */
export function replacing(file: string): Replacing {
  const present = fs.statSync(file, { throwIfNoEntry: false });
  if (present?.isDirectory()) throw new Error('it is a folder');
  if (present && !present.isFile()) {
    const device = fs.openSync(file, 'w');
    const close = () => fs.closeSync(device);
    return { write: (text) => fs.writeFileSync(device, text), end: close, drop: close };
  }
  if (present === undefined && /[\\/]$/.test(file)) throw new Error('its folder does not exist');
  // Renaming only needs rights on the folder.
  if (present) fs.accessSync(file, fs.constants.W_OK);
  const target = realPath(file);
  // Without the name of the file, which may be as long as names can be.
  const temporary = path.join(path.dirname(target), `.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  const handle = fs.openSync(temporary, 'wx', present?.mode ?? 0o666);
  let open = true;
  const close = () => {
    if (open) fs.closeSync(handle);
    open = false;
  };
  const drop = () => {
    finished(drop);
    close();
    fs.rmSync(temporary, { force: true });
  };
  // One listener, however many files are written at once.
  if (unfinished.size === 0) process.on('exit', dropUnfinished);
  unfinished.add(drop);
  return {
    write: (text) => fs.writeFileSync(handle, text),
    end() {
      close();
      fs.renameSync(temporary, target);
      finished(drop);
    },
    drop,
  };
}

function finished(drop: () => void): void {
  unfinished.delete(drop);
  if (unfinished.size === 0) process.off('exit', dropUnfinished);
}

/**
 * Makes a folder and its parents, one by one: Node's own way never ends where the system refuses a folder as if its
 * parent were missing.
 *
 * @returns the first that was made; null: it was there
 * @throws what the system throws; nothing is left of what was made before
 */
export function makeFolder(folder: string): string | null {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !fs.existsSync(at); at = path.dirname(at)) missing.unshift(at);
  const made: string[] = [];
  try {
    for (const each of missing) {
      fs.mkdirSync(each);
      made.push(each);
    }
  } catch (error) {
    for (const each of made.reverse()) fs.rmdirSync(each);
    throw error;
  }
  return missing[0] ?? null;
}

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Lines of a stream of bytes, without their ends (LF or CRLF); the last may lack one. A line longer than `maxBytes` is
 * cut to one byte more.
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
