import * as fs from 'node:fs';
import path from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { crc32 } from 'node:zlib';
import { tool } from './tool.js';

/** What V8 made of a file's source, and the processor time (ms) of the process that kept it. */
export type CompiledCode = { data: Buffer; processorMs: number };

/** Compiled code between processes. Whatever fails here costs time only, so nothing is reported. */
export type CodeCache = {
  read(name: string, source: Buffer): CompiledCode | null;
  write(name: string, source: Buffer, code: CompiledCode): void;
};

/** Before the code in a file: the checksum of what follows, zeros, the processor time. */
const checksumBytes = 4;
const processorMsAt = 8;
const headBytes = 16;
const staleAfterMs = 30 * 24 * 60 * 60 * 1000;

/**
 * A cache in the user's own folder for such files. What is in it will run, so it is used only where nobody else can write:
 * a folder of mode 0700 and files of 0600, all of them of this user and none a link. Null: there is no such place, or
 * `DEPLOY_ADVISOR_NO_CACHE` is set, or this Node has no checksums.
 */
export function codeCache(env: NodeJS.ProcessEnv): CodeCache | null {
  const parent = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  const user = process.geteuid?.();
  if (env.DEPLOY_ADVISOR_NO_CACHE || !parent || !path.isAbsolute(parent) || user === undefined) return null;
  const folder = path.join(parent, tool.name);
  const isUsable = () => orNull(() => isOfUserAlone(parent, folder, user)) === true;
  if (typeof crc32 !== 'function' || !isUsable()) return null;
  return {
    read: (name, source) => orNull(() => readCode(folder, user, name, source)),
    write: (name, source, code) => {
      orNull(() => {
        // A home folder that is not there is not made.
        for (const each of [parent, folder]) if (!fs.existsSync(each)) fs.mkdirSync(each, { mode: 0o700 });
        if (isUsable()) writeCode(folder, name, source, code);
      });
    },
  };
}

/** Whether the folder is this user's alone, or still to be made where others cannot put theirs. */
function isOfUserAlone(parent: string, folder: string, user: number): boolean {
  const above = fs.statSync(parent, { throwIfNoEntry: false });
  if (above !== undefined && (above.mode & 0o002) !== 0) return false;
  const own = fs.lstatSync(folder, { throwIfNoEntry: false });
  return own === undefined || (own.isDirectory() && isPrivate(own, user));
}

const isPrivate = ({ uid, mode }: fs.Stats, user: number): boolean => uid === user && (mode & 0o077) === 0;

function readCode(folder: string, user: number, name: string, source: Buffer): CompiledCode | null {
  const file = fileOf(folder, name, source);
  const handle = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const stats = fs.fstatSync(handle);
    if (!stats.isFile() || !isPrivate(stats, user)) return null;
    const bytes = fs.readFileSync(handle);
    // V8 looks at the length alone: a bit that is wrong further in ends the process.
    if (bytes.length <= headBytes || bytes.readUInt32LE(0) !== checksum(file, bytes)) return null;
    return { data: bytes.subarray(headBytes), processorMs: bytes.readDoubleLE(processorMsAt) };
  } finally {
    fs.closeSync(handle);
  }
}

function writeCode(folder: string, name: string, source: Buffer, { data, processorMs }: CompiledCode): void {
  const file = fileOf(folder, name, source);
  const bytes = Buffer.concat([Buffer.alloc(headBytes), data]);
  bytes.writeDoubleLE(processorMs, processorMsAt);
  bytes.writeUInt32LE(checksum(file, bytes), 0);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, file);
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

/** Code fits the very source it was compiled from, in the same Node on the same kind of machine: its name says which. */
function fileOf(folder: string, name: string, source: Buffer): string {
  const { version, versions, platform, arch } = process;
  const engine = crc32([version, versions.v8, platform, arch, cachedDataVersionTag()].join(' '));
  const parts = [name, tool.version, source.length, crc32(source).toString(16), engine.toString(16)];
  return path.join(folder, `${parts.join('-')}.code`);
}

/** A checksum of the kept code with its name: code of another file does not match. */
const checksum = (file: string, bytes: Buffer): number =>
  crc32(bytes.subarray(checksumBytes), crc32(path.basename(file)));

function orNull<Result>(attempt: () => Result): Result | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
