import type { Problem } from '../units/problem.js';
import { indentOf } from './arguments.js';
import type { ExitCode } from './exit-codes.js';
import type { Io } from './io.js';
import { tool } from './tool.js';

/** Errors end the run with exit 2, or the code given; in JSON they are the document on stdout, in JSON Lines a line. Warnings are never on stdout. */
export async function report(
  io: Io,
  { format, color = true, quiet = false }: { format?: string; color?: boolean; quiet?: boolean },
  problems: readonly Problem[],
  exitCode: ExitCode = 2,
): Promise<void> {
  if (problems.length === 0) return;
  const { problemsDocument, renderProblems } = await import('./problems.js');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const asJson = format === 'json' || format === 'jsonl';
  const shown = problems.filter(({ severity }) => (severity === 'error' ? !asJson : !quiet));
  if (errors.length > 0) io.setExitCode(exitCode);
  if (errors.length > 0 && asJson) io.out(problemsDocument(errors, tool, indentOf(format)));
  if (shown.length > 0) io.err(renderProblems(shown, { color: color && io.stderr.color }));
}
