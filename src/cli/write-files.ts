import { rmSync } from 'node:fs';
import type { Problem } from '../units/problem.js';
import { makeFolder, realPath } from './files.js';
import { fileProblem, type Io, reason, type TextSink } from './io.js';

/** The same machine that reads each file once, as standard input allows. */
export function readingOnce(io: Io): Io {
  const texts = new Map<string, ReturnType<Io['readText']>>();
  return {
    ...io,
    readText: (file, maxBytes) => {
      const known = texts.get(file) ?? io.readText(file, maxBytes);
      texts.set(file, known);
      return known;
    },
  };
}

/** The same machine that does not write over a file that it has read, under any name or link. */
export function sparingWhatIsRead(io: Io, output: string | null): Io {
  if (output === null || output === '-' || io.isSpecial(output)) return io;
  const target = realPath(output);
  let isRead = false;
  const noted = (file: string): void => {
    isRead ||= realPath(file === '-' ? '/dev/stdin' : file) === target;
  };
  const refused = () =>
    isRead
      ? fileProblem('not-writable', output, 'this would overwrite a file that is read', 'name another file')
      : null;
  return {
    ...io,
    readText: (file, maxBytes) => {
      noted(file);
      return io.readText(file, maxBytes);
    },
    bytes: (file) => {
      noted(file);
      return io.bytes(file);
    },
    lines: () => {
      noted('-');
      return io.lines();
    },
    writeText: (file, text) => refused() ?? io.writeText(file, text),
    openText: (file) => {
      const sink = io.openText(file);
      return { ...sink, write: (text) => refused() ?? sink.write(text), end: () => refused() ?? sink.end() };
    },
  };
}

/** An existing file is overwritten on request only. */
export const fileThere = (file: string): Problem =>
  fileProblem('file-there', file, 'this file is there already', '--force writes over it');

type File = { path: string; text: string };

/** Writes all files or none: temporary files first, then renamed. */
export function writeAll(io: Io, files: readonly File[]): Problem[] {
  const sinks: TextSink[] = [];
  for (const { path, text } of files) {
    const sink = io.openText(path);
    sinks.push(sink);
    const problem = sink.write(text);
    if (problem === null) continue;
    for (const each of sinks) each.drop();
    return [problem];
  }
  return sinks.flatMap((sink) => sink.end() ?? []);
}

/** The same in a folder, made if needed, and removed on failure. */
export function writeFolder(io: Io, folder: string, files: readonly File[]): Problem[] {
  let made: string | null;
  try {
    made = makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `cannot make this folder: ${code === 'ENOENT' ? 'the system takes none there' : reason(error)}`;
    return [fileProblem('not-writable', folder, message, 'name another folder')];
  }
  const problems = writeAll(io, files);
  if (problems.length > 0 && made !== null) rmSync(made, { recursive: true, force: true });
  return problems;
}
