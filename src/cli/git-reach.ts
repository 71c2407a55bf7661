import { existsSync } from 'node:fs';
import path from 'node:path';
import { git } from './git.js';
import { realPath } from './real-path.js';

/** A file as git names it, from the top of its repository; null: it is not in there. */
export function within(top: string, file: string): string | null {
  const relative = path.relative(top, file);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return null;
  return relative.replaceAll(path.sep, '/');
}

/** Where a file is that no revision of the repository can have; null: one that does not have it had none. */
export function outOfReach(top: string, file: string): string | null {
  const real = realPath(file);
  const inside = within(top, real);
  if (inside === null) return 'outside the repository';
  const folders = inside.split('/').slice(0, -1);
  const below = folders.map((_, at) => path.join(top, ...folders.slice(0, at + 1)));
  // A submodule has a `.git` too, a file that names the real one.
  if (below.some((folder) => existsSync(path.join(folder, '.git')))) return 'in another repository';
  return git(['check-ignore', '--quiet', '--', real]).ok ? 'ignored by git' : null;
}

/** Whether it is part of what is to be committed; a link to it is not enough. */
export const isTracked = (file: string): boolean =>
  git(['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', realPath(file)]).ok;
