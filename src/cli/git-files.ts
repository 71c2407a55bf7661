import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../units/problem.js';
import { decode } from './decode.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';

/** Where a file, or the folder it would be in, really is: git knows no way through a link. */
function realPath(file: string): string {
  const whole = path.resolve(file);
  try {
    return realpathSync(whole);
  } catch {
    const folder = path.dirname(whole);
    return folder === whole ? whole : path.join(realPath(folder), path.basename(whole));
  }
}

const mostBytes = 256 * 1024 * 1024;

const git = (args: readonly string[]): { ok: boolean; out: Buffer; err: string; missing: boolean } => {
  const { status, stdout, stderr, error } = spawnSync('git', args, { maxBuffer: mostBytes });
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  return { ok: status === 0, out: stdout ?? Buffer.alloc(0), err: String(stderr ?? ''), missing };
};

/** The tree without files, where nobody has committed yet: what is committed first is compared with nothing. Else null. */
function beforeFirstCommit(revision: string): string | null {
  const isUnborn = revision === 'HEAD' && git(['symbolic-ref', '--quiet', 'HEAD']).ok;
  if (!isUnborn || git(['rev-parse', '--verify', '--quiet', 'HEAD']).ok) return null;
  return git(['hash-object', '-t', 'tree', '--stdin']).out.toString('utf8').trim();
}

/**
 * The same machine, but files are read as they were in a revision of the git repository around this folder: a branch, a
 * tag, a commit. What is not text there, or not there, is refused as it would be on disk.
 */
export function atRevision(io: Io, revision: string): { io: Io; problem: null } | { io: null; problem: Problem } {
  const refuse = (message: string, hint: string) => ({
    io: null,
    problem: fileProblem('no-revision', '--baseline-ref', message, hint),
  });
  const found = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (found.missing) return refuse('git is not installed', 'install it, or give --baseline a result kept earlier');
  const commit = found.ok ? found.out.toString('utf8').trim() : beforeFirstCommit(revision);
  if (commit === null) {
    const inside = git(['rev-parse', '--is-inside-work-tree']).ok;
    return inside
      ? refuse(
          `git knows no revision \`${revision}\``,
          'fetch it first: git fetch origin, in a workflow checkout with fetch-depth: 0',
        )
      : refuse('this folder is in no git repository', 'run it in one, or give --baseline a result kept earlier');
  }
  const here = realpathSync(process.cwd());
  const object = (file: string): string => `${commit}:./${path.relative(here, realPath(file))}`;
  return {
    problem: null,
    io: {
      ...io,
      readText: async (file, maxBytes) => {
        const shown = git(['cat-file', 'blob', object(file)]);
        if (!shown.ok)
          return {
            text: null,
            problem: fileProblem('file-not-found', file, `no such file in ${revision}`, null),
          };
        return decode(shown.out, file, maxBytes);
      },
      listFolder: (folder) => {
        const listed = git(['ls-tree', '-z', '--name-only', object(folder)]);
        return listed.ok
          ? listed.out
              .toString('utf8')
              .split('\0')
              .filter((name) => name !== '')
              .sort()
          : null;
      },
    },
  };
}
