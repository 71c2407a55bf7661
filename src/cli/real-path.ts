import * as fs from 'node:fs';
import path from 'node:path';

/** Where a path leads, links followed as far as there is something: a file still to be written may be named in a linked folder. */
export function realPath(file: string): string {
  const full = path.resolve(file);
  try {
    return fs.realpathSync(full);
  } catch {
    const folder = path.dirname(full);
    return folder === full ? full : path.join(realPath(folder), path.basename(full));
  }
}
