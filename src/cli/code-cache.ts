import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { tool } from './tool.js';

/** What V8 made of a file's source, and the processor time (ms) of the process that kept it. */
export type CompiledCode = { data: Buffer; processorMs: number };

/** Compiled code between processes. Whatever fails here costs time only, so nothing is reported. */
export type CodeCache = {
  read(name: string, source: Buffer): CompiledCode | null;
  write(name: string, source: Buffer, code: CompiledCode): void;
};

const digestBytes = 32;
const headBytes = digestBytes + 8;
const staleAfterMs = 30 * 24 * 60 * 60 * 1000;

/**
 * A cache in the user's own folder for such files. What is in it will run, so it is used only where nobody else can write:
 * a folder of mode 0700 and files of 0600, all of them of this user and none a link. Null: there is no such place, or
 * `DEPLOY_ADVISOR_NO_CACHE` is set.
 */
export function codeCache(env: NodeJS.ProcessEnv): CodeCache | null {
  const parent = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  const user = process.geteuid?.();
  if (env.DEPLOY_ADVISOR_NO_CACHE || !parent || !path.isAbsolute(parent) || user === undefined) return null;
  const folder = path.join(parent, tool.name);
  if (isLaidByOthers(parent, folder, user)) return null;
  return {
    read: (name, source) => orNull(() => readCode(folder, user, name, source)),
    write: (name, source, code) => {
      orNull(() => {
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (!isLaidByOthers(parent, folder, user)) writeCode(folder, name, source, code);
      });
    },
  };
}

/** Whether there is something in the place of the folder that this user has not made, or that others may write to. */
function isLaidByOthers(parent: string, folder: string, user: number): boolean {
  const above = fs.statSync(parent, { throwIfNoEntry: false });
  const own = fs.lstatSync(folder, { throwIfNoEntry: false });
  const isOpen = above !== undefined && (above.mode & 0o002) !== 0;
  return isOpen || (own !== undefined && !(own.isDirectory() && isPrivate(own, user)));
}

const isPrivate = ({ uid, mode }: fs.Stats, user: number): boolean => uid === user && (mode & 0o077) === 0;

function readCode(folder: string, user: number, name: string, source: Buffer): CompiledCode | null {
  const key = keyOf(source);
  const handle = fs.openSync(fileOf(folder, name, key), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const stats = fs.fstatSync(handle);
    if (!stats.isFile() || !isPrivate(stats, user)) return null;
    const bytes = fs.readFileSync(handle);
    const kept = bytes.subarray(digestBytes);
    // V8 looks at the lengths alone: a bit that is wrong further in ends the process.
    if (bytes.length <= headBytes || !digest(key, kept).equals(bytes.subarray(0, digestBytes))) return null;
    return { data: bytes.subarray(headBytes), processorMs: bytes.readDoubleLE(digestBytes) };
  } finally {
    fs.closeSync(handle);
  }
}

function writeCode(folder: string, name: string, source: Buffer, { data, processorMs }: CompiledCode): void {
  const key = keyOf(source);
  const kept = Buffer.alloc(headBytes - digestBytes + data.length);
  kept.writeDoubleLE(processorMs);
  data.copy(kept, headBytes - digestBytes);
  const temporary = path.join(folder, `${randomUUID()}.tmp`);
  try {
    fs.writeFileSync(temporary, Buffer.concat([digest(key, kept), kept]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, fileOf(folder, name, key));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  removeStale(folder);
}

/** Files of versions that are gone, and what a process left that was stopped while it wrote. */
function removeStale(folder: string): void {
  for (const name of fs.readdirSync(folder).filter((each) => /\.(?:code|tmp)$/.test(each))) {
    const file = path.join(folder, name);
    if (Date.now() - fs.lstatSync(file).mtimeMs > staleAfterMs) fs.rmSync(file, { force: true });
  }
}

const fileOf = (folder: string, name: string, key: string): string => path.join(folder, `${name}-${key}.code`);

/** Code fits the very source it was compiled from, in the same Node on the same kind of machine. */
function keyOf(source: Buffer): string {
  const { version, versions, platform, arch } = process;
  const about = [tool.version, version, versions.v8, platform, arch, cachedDataVersionTag()];
  return createHash('sha256').update(about.join(' ')).update(source).digest('hex').slice(0, 32);
}

const digest = (key: string, kept: Buffer): Buffer => createHash('sha256').update(key).update(kept).digest();

function orNull<Result>(attempt: () => Result): Result | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
