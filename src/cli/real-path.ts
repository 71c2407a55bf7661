import * as fs from 'node:fs';
import path from 'node:path';

/** As many as Linux follows. */
const mostLinks = 40;

/** Where a path leads, links followed as far as there is something: a file still to be written may be named in a linked folder, or by a link. */
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
