import type { Problem } from '../units/problem.js';
import { fileProblem, visibleText } from './io.js';
import { indentOf, jsonWanted, problemsDocument } from './problems.js';

const advice =
  'This is a mistake in deploy-advisor: please report it with the command and its scenario file; ' +
  'DEPLOY_ADVISOR_DEBUG=1 shows where it happened.';

/** The text of an unexpected exception: a line on stderr and how to report it, or the JSON errors document. */
export function internalErrorText(
  error: unknown,
  argv: readonly string[],
  debug: boolean,
): { out: string; err: string } {
  const problem = internalProblem(error, '');
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  const form = jsonWanted(argv);
  if (form === null) return { out: '', err: `${problem.message}\n${advice}\n${stack}` };
  return { out: problemsDocument([problem], indentOf(form)), err: stack };
}

/** An unexpected exception as a problem of its scenario (empty: the command line). */
export function internalProblem(error: unknown, file: string): Problem {
  const message = visibleText(error instanceof Error ? error.message : String(error));
  return fileProblem('internal-error', file, `internal error: ${message}`, advice);
}
