import type { Problem } from '../units/problem.js';
import { indentOf } from './arguments.js';
import type { ExitCode } from './exit-codes.js';
import { fileProblem, type Io } from './io.js';

/** Format and file of an answer. `color` (default true) and `quiet` (no warnings) are also for stderr. */
export type AnswerOptions = { format?: string; output?: string; color?: boolean; quiet?: boolean };

/** Whether one of them keeps the command from answering. */
export const haveErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');

/** A warning on a file (empty: the command line). */
export const warningOf = (code: string, file: string, message: string, suggestion: string | null = null): Problem => ({
  ...fileProblem(code, file, message, suggestion),
  severity: 'warning',
});

/** The file an answer goes to; null: standard output. */
export const fileOf = ({ output = '-' }: AnswerOptions): string | null => (output === '-' ? null : output);

/** How an answer is shown at its destination: only a terminal has colors and a width. */
export function viewOf({ stdout }: Io, options: AnswerOptions): { color: boolean; width: number } {
  const { color = true } = options;
  return fileOf(options) === null
    ? { color: color && stdout.color, width: stdout.columns ?? 80 }
    : { color: false, width: 80 };
}

/** Writes a text to stdout or the given file; returns the problem if it cannot. */
export function write(io: Io, text: string, options: AnswerOptions): Problem[] {
  const file = fileOf(options);
  const unwritten = file === null ? io.out(text) : io.writeText(file, text);
  return unwritten ? [unwritten] : [];
}

/** Prints the answer, or with an error among the problems those, as `report`. */
export async function answer(
  io: Io,
  options: AnswerOptions,
  text: string | null,
  problems: readonly Problem[],
): Promise<void> {
  const written = text === null || haveErrors(problems) ? [] : write(io, text, options);
  await report(io, options, [...problems, ...written]);
}

/** Errors exit with 2, or the given code; in JSON they go to stdout as a document or line. Warnings never do. */
export async function report(
  io: Io,
  { format, color = true, quiet = false }: AnswerOptions,
  problems: readonly Problem[],
  exitCode: ExitCode = 2,
): Promise<void> {
  if (problems.length === 0) return;
  const { problemsDocument, renderProblems } = await import('./problems.js');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const asJson = format === 'json' || format === 'jsonl';
  const shown = problems.filter(({ severity }) => (severity === 'error' ? !asJson : !quiet));
  if (errors.length > 0) io.setExitCode(exitCode);
  if (errors.length > 0 && asJson) io.out(problemsDocument(errors, indentOf(format)));
  if (shown.length > 0) io.err(renderProblems(shown, { color: color && io.stderr.color }));
}
