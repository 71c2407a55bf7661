import { fileProblem } from './file-problem.js';
import { problemsDocument } from './problems.js';
import { tool } from './tool.js';
import { visibleText } from './visible-text.js';
import { wantsJson } from './wants-json.js';

const advice =
  'This is a mistake in deploy-advisor: please report it with the command and its scenario file; ' +
  'DEPLOY_ADVISOR_DEBUG=1 shows where it happened.';

/** What an unexpected exception prints: one line on stderr and how to report it, or the JSON errors document. */
export function internalErrorText(
  error: unknown,
  argv: readonly string[],
  debug: boolean,
): { out: string; err: string } {
  const message = `internal error: ${visibleText(error instanceof Error ? error.message : String(error))}`;
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  if (!wantsJson(argv)) return { out: '', err: `${message}\n${advice}\n${stack}` };
  return { out: problemsDocument([fileProblem('internal-error', '', message, advice)], tool), err: stack };
}
