import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { firstLine } from '../units/amount.js';
import { madeOnce } from '../units/memo.js';
import type { Problem } from '../units/problem.js';
import { realPath } from './files.js';
import { decode, fileProblem, type Io } from './io.js';

/** What git answered; `missing`: it is not installed. */
type Answer = { ok: boolean; out: Buffer; err: string; missing: boolean };

const mostBytes = 256 * 1024 * 1024;

/**
 * Git's variables for hooks hold at the top of the repository alone: below, a folder would be taken for the top. Those
 * who set both the repository and its files mean that.
 */
function ofFolder({ GIT_DIR, GIT_INDEX_FILE, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isMeant = env.GIT_WORK_TREE !== undefined;
  return { ...env, ...(isMeant && { GIT_DIR, GIT_INDEX_FILE }) };
}

/** Runs git in this folder's repository, in English; errors are passed on. */
export function git(args: readonly string[], input = ''): Answer {
  const env = { ...ofFolder(process.env), LC_ALL: 'C' };
  const { status, stdout, stderr, error } = spawnSync('git', args, { maxBuffer: mostBytes, input, env });
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  return { ok: status === 0, out: stdout ?? Buffer.alloc(0), err: String(stderr ?? ''), missing };
}

/** Why git refused, as it says itself: warnings may come before. */
function reasonOf({ err }: Pick<Answer, 'err'>): string {
  const lines = err.split('\n');
  const fatal = lines.find((line) => line.startsWith('fatal: ')) ?? lines[0] ?? '';
  return firstLine(fatal.replace(/^fatal: /, '')) || 'git gave no reason';
}

/** A file as git names it, from the top of its repository; null: it is not in there. */
export function within(top: string, file: string): string | null {
  const relative = path.relative(top, file);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return null;
  return relative.replaceAll(path.sep, '/');
}

/** Where a file is that no revision can have; null: a revision may have it. */
function outOfReach(top: string, file: string): string | null {
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

/**
 * Files renamed from a commit to the working tree, by git's similarity. From current to former name, both from the top
 * of the repository; or why git fails.
 */
function renamesSince(commit: string): ReadonlyMap<string, string> | string {
  const how = ['-z', '--no-relative', '--find-renames', '--diff-filter=R', '--name-status'];
  const answer = git(['diff-index', ...how, commit]);
  if (!answer.ok) return reasonOf(answer);
  // Three fields a file: similarity, former name, current name.
  const fields = answer.out.toString('utf8').split('\0').slice(0, -1);
  return new Map(fields.flatMap((then, i) => (i % 3 === 1 ? [[fields[i + 1] as string, then] as const] : [])));
}

/** Files as they were in a revision of the repository around this folder. */
export type Revision = {
  name: string;
  /** The same machine, with renamed files under their current names too. */
  io: Io;
  /** A file's former name there, from the top of the repository; null: not renamed. */
  former(file: string): string | null;
  /** Why nothing follows from its not having a file; null: there was none. */
  outOfReach(file: string): string | null;
};

type Refused = { revision: null; problem: Problem };

/** The empty tree, before the first commit; else null. */
function beforeFirstCommit(revision: string): string | null {
  const isUnborn = revision === 'HEAD' && git(['symbolic-ref', '--quiet', 'HEAD']).ok;
  if (!isUnborn || git(['rev-parse', '--verify', '--quiet', 'HEAD']).ok) return null;
  return git(['hash-object', '-t', 'tree', '--stdin']).out.toString('utf8').trim();
}

/**
 * A branch, a tag, a commit of the git repository around this folder. Missing or non-text files are refused as on disk.
 */
export function atRevision(io: Io, revision: string): { revision: Revision; problem: null } | Refused {
  const around = git(['rev-parse', '--show-toplevel']);
  if (around.missing) return refused('git is not installed', 'install it, or give --baseline a result kept earlier');
  if (!around.ok) return noRepository(around.err);
  const top = realPath(around.out.toString('utf8').replace(/\n$/, ''));
  const found = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = found.ok ? found.out.toString('utf8').trim() : beforeFirstCommit(revision);
  if (commit === null)
    return refused(
      `git knows no revision \`${revision}\``,
      'fetch it first: git fetch origin, in a workflow checkout with fetch-depth: 0',
    );
  return { problem: null, revision: revisionOf(io, revision, commit, top) };
}

const refused = (message: string, hint: string): Refused => ({
  revision: null,
  problem: fileProblem('no-revision', '--baseline-ref', message, hint),
});

/** Git may refuse a repository that belongs to another user, as in a container. */
function noRepository(err: string): Refused {
  const kept = 'give --baseline a result kept earlier';
  const reason = reasonOf({ err });
  if (reason.startsWith('not a git repository'))
    return refused('this folder is in no git repository', `run it in one, or ${kept}`);
  const [mended] = /git config --global --add safe\.directory .+/.exec(err) ?? [];
  return refused(
    `git refuses: ${reason}`,
    mended === undefined ? `mend that, or ${kept}` : `if it is yours: ${mended}`,
  );
}

/** `refused`: not fetched, and cannot be now; `why`: what git cannot do, and its reason. */
type Stored = { type: 'blob' | 'tree'; id: string; bytes: Buffer } | { type: 'refused'; why: string };

function revisionOf(io: Io, name: string, commit: string, top: string): Revision {
  // Asked for files alone that are not there: git then reads all that is gone and new.
  const renames = madeOnce(() => renamesSince(commit));
  /** A file as git may name it: as it is called, and as what it leads to. */
  const namesOf = (file: string): string[] => [
    ...new Set([path.resolve(file), realPath(file)].flatMap((each) => within(top, each) ?? [])),
  ];
  /**
   * The revision's object of a name. Links lead where they led then, or where they do now if not in it.
   *
   * @param how with its content (`--batch`) or without
   */
  const objectAt = (file: string, how: '--batch' | '--batch-check'): Stored | null => {
    for (const inside of namesOf(file)) {
      const found = stored(named(commit, inside), how);
      if (found !== null) return found;
    }
    return null;
  };
  const formerName = (file: string): string | null => {
    const of = renames();
    if (typeof of === 'string') return null;
    return namesOf(file).flatMap((each) => of.get(each) ?? [])[0] ?? null;
  };
  /** The revision's object under a file's former name; null: not renamed. */
  const renamed = (file: string): Stored | null => {
    const of = renames();
    if (typeof of === 'string') return { type: 'refused', why: `tell whether it was renamed: ${of}` };
    const former = formerName(file);
    return former === null ? null : stored(named(commit, former), '--batch');
  };
  return {
    name,
    former: (file) => (objectAt(file, '--batch-check') === null ? formerName(file) : null),
    outOfReach: (file) => outOfReach(top, file),
    io: {
      ...io,
      readText: async (file, maxBytes) => {
        const found = objectAt(file, '--batch') ?? renamed(file);
        if (found?.type === 'blob') return decode(found.bytes, file, maxBytes);
        const problem =
          found?.type === 'refused'
            ? fileProblem('not-readable', file, `git cannot ${found.why}`)
            : fileProblem('file-not-found', file, `no such file in ${name}`);
        return { text: null, problem };
      },
      listFolder: (folder) => {
        const found = objectAt(folder, '--batch-check');
        if (found?.type !== 'tree') return null;
        // Without `--full-tree` git lists only what is below the folder one is in.
        const listed = git(['ls-tree', '-z', '--full-tree', '--name-only', found.id]);
        const names = listed.out.toString('utf8').split('\0');
        return names.filter((each) => each !== '').sort();
      },
    },
  };
}

/** The name of an object on a line of its own, which the name of a file may not be. */
function named(commit: string, file: string): string {
  const name = `${commit}:${file}`;
  return name.includes('\n') ? git(['rev-parse', '--verify', '--quiet', name]).out.toString('utf8').trim() : name;
}

function stored(name: string, how: '--batch' | '--batch-check'): Stored | null {
  const answer = git(['cat-file', how, '--follow-symlinks'], `${name}\n`);
  if (!answer.ok) return { type: 'refused', why: `read it: ${reasonOf(answer)}` };
  const { out } = answer;
  const end = out.indexOf('\n');
  const head = /^([0-9a-f]{40,}) (blob|tree) (\d+)$/.exec(out.subarray(0, end).toString('utf8'));
  if (head === null) return null;
  const [, id = '', type, size] = head;
  return { type: type as 'blob' | 'tree', id, bytes: out.subarray(end + 1, end + 1 + Number(size)) };
}
