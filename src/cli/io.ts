import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escaped } from '../report/printable.js';
import { fileProblem, type Problem } from '../units/problem.js';
import { linesOf, type Replacing, replacing } from './files.js';

type ColorSettings = { NO_COLOR?: string | undefined; FORCE_COLOR?: string | undefined; TERM?: string | undefined };

/** By no-color.org and force-color.org: empty variables do not count, NO_COLOR wins, FORCE_COLOR=0 is off. */
export function welcomesColor(isTTY: boolean, { NO_COLOR, FORCE_COLOR, TERM }: ColorSettings): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && TERM !== 'dumb';
}

/** 130: stopped with Ctrl-C, as shells call it. */
export type ExitCode = 0 | 1 | 2 | 3 | 70 | 130;

/** Meanings of exit codes, worst last; of several the worst counts. */
export const exitCodes: readonly { code: ExitCode; meaning: string }[] = [
  { code: 0, meaning: 'done' },
  { code: 1, meaning: 'a check failed' },
  { code: 3, meaning: 'nothing satisfies the hard rules (the report is still written)' },
  { code: 2, meaning: 'bad input or usage' },
  { code: 70, meaning: 'internal error: please report it' },
];

/** The worse of two exit codes: 70 > 2 > 3 > 1 > 0. */
export function worseExitCode(a: ExitCode, b: ExitCode): ExitCode {
  if (a === 130 || b === 130) return 130;
  const rank = (wanted: ExitCode): number => exitCodes.findIndex(({ code }) => code === wanted);
  return rank(a) >= rank(b) ? a : b;
}

export { fileProblem };

/** Something wrong in the command line. */
export const usageProblem = (message: string, hint: string | null = null): Problem =>
  fileProblem('usage', '', message, hint);

/** Text, or the problem if there is none. */
export type ReadText = { text: string; problem: null } | { text: null; problem: Problem };

/** Most that a file may hold unless its reader says otherwise. */
const defaultMaxBytes = 1024 * 1024;
/** Most that a file of results may hold. */
export const maxResultBytes = 64 * 1024 * 1024;

/** Bytes as text, or why they are none. */
export function decode(bytes: Uint8Array, file: string, maxBytes: number = defaultMaxBytes): ReadText {
  const refuse = (code: string, message: string, suggestion: string): ReadText => ({
    text: null,
    problem: fileProblem(code, file, message, suggestion),
  });
  if (bytes.length > maxBytes)
    return refuse('file-too-large', `larger than ${maxBytes} bytes`, 'is this the file you meant?');
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return refuse('not-utf8', 'encoded as UTF-16', 'save it as UTF-8');
  if (bytes.includes(0)) return refuse('binary-file', 'a binary file, not text', 'is this the file you meant?');
  if (isUtf8(bytes)) return { text: new TextDecoder().decode(bytes), problem: null };
  const line = lineNotUtf8(bytes);
  const problem = fileProblem('not-utf8', file, 'not encoded as UTF-8', 'save it as UTF-8');
  return { text: null, problem: { ...problem, line, column: 1 } };
}

/** 1-based. UTF-8 has no line feed within a character, so lines can be checked singly. */
function lineNotUtf8(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

/** What messages and results call a file: `-` is where to read, no name. */
export const shownName = (file: string): string => (file === '-' ? '<stdin>' : file);

/** The machine as commands see it: all impure functions. */
export type Io = {
  /** Text of a file, `-` for standard input, of at most `maxBytes` (default 1 MiB); else its problem. */
  readText(file: string, maxBytes?: number): Promise<ReadText>;
  /**
   * Bytes of a file of any size in parts, `-` for standard input; a part is valid until the next. Throws as the system
   * does: see `readProblem`.
   */
  bytes(file: string): AsyncIterable<Uint8Array>;
  /** The beginning of a file, to detect its format; empty if unreadable. */
  startOf(file: string): string;
  /** Lines of standard input as they come, without ends; each at most 1 MiB. */
  lines(): AsyncIterable<ReadText>;
  /** Names in a folder, sorted; null if it is not a folder. */
  listFolder(folder: string): string[] | null;
  /** Writes a file whole or not at all; the problem if it cannot. */
  writeText(file: string, text: string): Problem | null;
  /** Opens a file for a text that comes in parts. */
  openText(file: string): TextSink;
  /** Adds to a file; the problem if it cannot. */
  appendText(file: string, text: string): Problem | null;
  /** Whether a name is no ordinary file: a device, a pipe. */
  isSpecial(file: string): boolean;
  /** Called when the user stops the program; returns its removal. */
  onInterrupt(stopping: () => void): () => void;
  /** Called on the first Ctrl-C, in place of the end of the program; returns its removal. */
  onCancel(cancel: () => void): () => void;
  /** Results. */
  out(text: string): void;
  /** When what was written has been taken, and interrupts had their turn. */
  drained(): Promise<void>;
  /** All else: warnings, errors, progress. */
  err(text: string): void;
  stdout: Stream;
  stderr: Stream;
  /** A variable of the environment; null: unset or empty. */
  variable(name: string): string | null;
  /** Today as `YYYY-MM-DD`, in UTC. */
  today(): string;
  /** Milliseconds since some moment: only differences mean something. */
  now(): number;
  /** Keeps the worst code set so far. */
  setExitCode(code: ExitCode): void;
};
/** A file being written, visible only when whole: after `end`, not `drop`. Both return the problem if they fail. */
export type TextSink = { write(text: string): Problem | null; end(): Problem | null; drop(): void };
/** `color`: a terminal, and not switched off. */
type Stream = { isTTY: boolean; columns: number | null; color: boolean };

/** Path of a file in the package, from its root. Sources and bundle are both two folders below it. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(`../../${relative}`, import.meta.url));
}

/** The real machine. */
export function nodeIo(): Io {
  return {
    readText: async (file, maxBytes = defaultMaxBytes) => {
      const name = shownName(file);
      try {
        return decode(await readUpTo(file, maxBytes), name, maxBytes);
      } catch (error) {
        return { text: null, problem: readProblem(error, name) };
      }
    },
    bytes: bytesOf,
    startOf: (file) => {
      try {
        return startOf(file, 200).toString('utf8');
      } catch {
        return '';
      }
    },
    lines: async function* () {
      try {
        for await (const bytes of linesOf(process.stdin, defaultMaxBytes))
          yield decode(bytes, '<stdin>', defaultMaxBytes);
      } catch (error) {
        yield { text: null, problem: readProblem(error, '<stdin>') };
      }
    },
    listFolder: (folder) => {
      try {
        return fs.readdirSync(folder).sort();
      } catch {
        return null;
      }
    },
    writeText: (file, text) => writing(file, () => replaceFile(file, text)),
    openText: (file) => {
      let sink: Replacing | null = null;
      const opened = () => {
        sink ??= replacing(file);
        return sink;
      };
      return {
        write: (text) => writing(file, () => opened().write(text)),
        end: () => writing(file, () => opened().end()),
        drop: () => sink?.drop(),
      };
    },
    appendText: (file, text) => writing(file, () => fs.appendFileSync(file, text)),
    isSpecial: (file) => {
      try {
        return !fs.statSync(file).isFile();
      } catch {
        return false;
      }
    },
    onInterrupt,
    onCancel: (cancel) => {
      process.once('SIGINT', cancel);
      return () => process.off('SIGINT', cancel);
    },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
      await new Promise((resume) => setImmediate(resume));
    },
    stdout: stream(process.stdout),
    stderr: stream(process.stderr),
    variable: (name) => process.env[name] || null,
    today: () => new Date().toISOString().slice(0, 10),
    now: () => Number(process.hrtime.bigint()) / 1e6,
    setExitCode: (code) => {
      process.exitCode = worseExitCode((process.exitCode ?? 0) as ExitCode, code);
    },
  };
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onInterrupt(stopping: () => void): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    stopping();
    // Without this listener the signal ends the process, as whoever sent it expects.
    release();
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of endings) process.off(signal, stop);
  };
  for (const signal of endings) process.on(signal, stop);
  return release;
}

function stream({ isTTY, columns }: NodeJS.WriteStream): Stream {
  return { isTTY: isTTY === true, columns: columns ?? null, color: welcomesColor(isTTY === true, process.env) };
}

const bytesOf = (file: string): AsyncIterable<Uint8Array> => (file === '-' ? process.stdin : partsOf(file));

/** Reuses one buffer: a stream leaves hundreds of megabytes to the garbage collector. */
async function* partsOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.allocUnsafe(256 * 1024);
    for (;;) {
      const read = fs.readSync(handle, bytes, 0, bytes.length, null);
      if (read === 0) return;
      yield bytes.subarray(0, read);
    }
  } finally {
    fs.closeSync(handle);
  }
}

/** Reads little more than allowed, so that an endless device ends. */
async function readUpTo(file: string, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of bytesOf(file)) {
    parts.push(Buffer.from(part));
    length += part.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(parts);
}

function startOf(file: string, most: number): Buffer {
  const handle = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, fs.readSync(handle, bytes));
  } finally {
    fs.closeSync(handle);
  }
}

const readProblems: Record<string, [code: string, message: string, suggestion: string | null]> = {
  ENOENT: ['file-not-found', 'no such file', 'check the path; it is relative to the folder you are in'],
  ENOTDIR: ['file-not-found', 'no such file', 'check the path; a part of it is a file, not a folder'],
  EISDIR: ['is-a-folder', 'this is a folder, not a file', 'name a file in it'],
  EACCES: ['not-readable', 'no permission to read this file', null],
};

/** What the system says of a file that cannot be read. */
export function readProblem(error: unknown, file: string): Problem {
  const known = readProblems[(error as NodeJS.ErrnoException).code ?? ''];
  return known
    ? fileProblem(known[0], file, known[1], known[2])
    : fileProblem('not-readable', file, `cannot read this file: ${reason(error)}`);
}

/** The problem if something cannot be written. */
function writing(file: string, write: () => void): Problem | null {
  try {
    write();
    return null;
  } catch (error) {
    return fileProblem('not-writable', file, `cannot write this file: ${reason(error)}`);
  }
}

/** A signal between writing and renaming waits until both are done. */
function replaceFile(file: string, text: string): void {
  const release = onInterrupt(() => undefined);
  try {
    const sink = replacing(file);
    try {
      sink.write(text);
      sink.end();
    } catch (error) {
      sink.drop();
      throw error;
    }
  } finally {
    // Signals are handled before `setImmediate` in each turn of the event loop; this turn may be past that.
    setImmediate(() => setImmediate(release));
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};
/** Why the system did not do it, in words where it has a usual cause. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

/** Control characters with C1, line separators, marks that reorder or hide text, and halves of a surrogate pair. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A user's text, safe on a terminal: control characters show as `\u001b`. */
export function visibleText(text: string): string {
  return text.replace(unsafe, (character) => named[character] ?? escaped(character));
}

/** JSON safe on a terminal, with DEL, C1 and reordering marks escaped. Without indent, one line. */
export function visibleJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (character) =>
    character === '\n' ? '\n' : escaped(character),
  );
}
