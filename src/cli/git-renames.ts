import { git, reasonOf } from './git.js';

/** By the name of now the name of then, both from the top of the repository; or why git cannot tell. */
export type Renames = { of: ReadonlyMap<string, string>; problem: null } | { of: null; problem: string };

/** What was renamed from a commit to the files as they lie there now, as git tells renames: by how alike the contents are. */
export function renamesSince(commit: string): Renames {
  const answer = git([
    'diff-index',
    '-z',
    '--no-relative',
    '--find-renames',
    '--diff-filter=R',
    '--name-status',
    commit,
  ]);
  if (!answer.ok) return { of: null, problem: reasonOf(answer) };
  // Three fields a file: how alike, the name of then, the name of now.
  const fields = answer.out.toString('utf8').split('\0').slice(0, -1);
  const pairs = fields.flatMap((then, i) => (i % 3 === 1 ? [[fields[i + 1] as string, then] as const] : []));
  return { of: new Map(pairs), problem: null };
}
