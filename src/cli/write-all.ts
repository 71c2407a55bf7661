import { rmSync } from 'node:fs';
import type { Problem } from '../units/problem.js';
import { makeFolder } from './files.js';
import { fileProblem, type Io, reason, type TextSink } from './io.js';

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
