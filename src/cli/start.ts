import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { engineFlags, keepAllCode } from './engine-flags.js';
import { tool } from './problems.js';

/**
 * Loads the command line and runs it with compiled code of earlier processes; stores its own at the end. The build
 * makes CommonJS of this, which has `require`.
 */
export async function start(argv: readonly string[]): Promise<void> {
  for (const flag of engineFlags(process.versions.v8)) setFlagsFromString(flag);
  const place = cacheFor(process.env);
  if (place !== null) setFlagsFromString(keepAllCode);
  const load = place === null ? require : bundleLoader(path.dirname(fileURLToPath(import.meta.url)), place);
  const { runHere } = load('./command-line.js') as typeof import('./command-line.js');
  await runHere(argv);
}

/** The user's folder for compiled code. Failures only cost time, so none is reported. */
type Place = { parent: string; folder: string; user: number };

/**
 * Its files will run, so only a folder that nobody else can write: mode 0700 and files of 0600, all of this user, no
 * links. Null: no such place, `DEPLOY_ADVISOR_NO_CACHE` is set, or this Node has no checksums.
 */
function cacheFor(env: NodeJS.ProcessEnv): Place | null {
  const parent = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  const user = process.geteuid?.();
  if (env.DEPLOY_ADVISOR_NO_CACHE || !parent || !path.isAbsolute(parent) || user === undefined) return null;
  const place = { parent, folder: path.join(parent, tool.name), user };
  return typeof crc32 === 'function' && isOwn(place) ? place : null;
}

/** Whether the folder is this user's alone, or can be made so. */
const isOwn = ({ parent, folder, user }: Place): boolean =>
  orNull(() => {
    const above = fs.statSync(parent, { throwIfNoEntry: false });
    if (above !== undefined && (above.mode & 0o002) !== 0) return false;
    const own = fs.lstatSync(folder, { throwIfNoEntry: false });
    return own === undefined || (own.isDirectory() && isPrivate(own, user));
  }) === true;

const isPrivate = ({ uid, mode }: fs.Stats, user: number): boolean => uid === user && (mode & 0o077) === 0;

type Compiled = { script: Script; kept: string; earlierMs: number };

/** Factor on the processor time of the storing process from which code is stored anew. */
const muchLonger = 1.25;

/** `require` for the files in a folder, each from the code that is kept for it. */
function bundleLoader(folder: string, place: Place): (id: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  const compiled: Compiled[] = [];
  const load = (id: string): unknown => {
    if (!id.startsWith('./')) return require(id);
    const file = path.join(folder, id);
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const one = compile(file, place);
    compiled.push(one);
    one.script.runInThisContext()(module.exports, load, module, file, folder);
    return module.exports;
  };
  // Functions are compiled when they are first called.
  process.once('exit', () => {
    const processorMs = process.cpuUsage().user / 1000;
    for (const { script, kept, earlierMs } of compiled)
      if (processorMs > muchLonger * earlierMs) orNull(() => keep(place, kept, script.createCachedData(), processorMs));
  });
  return load;
}

/** The function that a CommonJS module is to Node. */
function compile(file: string, { folder, user }: Place): Compiled {
  const source = fs.readFileSync(file);
  const kept = path.join(folder, keptName(path.basename(file, '.js'), source));
  const code = orNull(() => keptCode(kept, user));
  // The build writes nothing but ASCII.
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString('latin1')}\n})`;
  const script = new Script(text, { filename: file, ...(code && { cachedData: code.data }) });
  return { script, kept, earlierMs: code === null || script.cachedDataRejected ? 0 : code.processorMs };
}

/** Code fits one source, Node and machine, all in its name. */
function keptName(name: string, source: Buffer): string {
  const { version, versions, platform, arch } = process;
  const engine = crc32([version, versions.v8, platform, arch, cachedDataVersionTag()].join(' '));
  return `${[name, tool.version, source.length, crc32(source).toString(16), engine.toString(16)].join('-')}.code`;
}

/** Before the code: its checksum, zeros, and processor time (ms) of the storing process. */
const checksumBytes = 4;
const processorMsAt = 8;
const headBytes = 16;

/** A checksum of the kept code with its name: code of another file does not match. */
const checksum = (file: string, bytes: Buffer): number =>
  crc32(bytes.subarray(checksumBytes), crc32(path.basename(file)));

function keptCode(file: string, user: number): { data: Buffer; processorMs: number } | null {
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

function keep(place: Place, file: string, data: Buffer, processorMs: number): void {
  // A home folder that is not there is not made.
  for (const each of [place.parent, place.folder]) if (!fs.existsSync(each)) fs.mkdirSync(each, { mode: 0o700 });
  if (!isOwn(place)) return;
  const bytes = Buffer.concat([Buffer.alloc(headBytes), data]);
  bytes.writeDoubleLE(processorMs, processorMsAt);
  bytes.writeUInt32LE(checksum(file, bytes), 0);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, file);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
  removeStale(place.folder);
}

const staleAfterMs = 30 * 24 * 60 * 60 * 1000;

/** Files of removed versions, and leftovers of stopped processes. */
function removeStale(folder: string): void {
  for (const name of fs.readdirSync(folder).filter((each) => /\.(?:code|tmp)$/.test(each))) {
    const file = path.join(folder, name);
    if (Date.now() - fs.lstatSync(file).mtimeMs > staleAfterMs) fs.rmSync(file, { force: true });
  }
}

function orNull<Result>(attempt: () => Result): Result | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
