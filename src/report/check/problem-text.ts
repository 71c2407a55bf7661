import type { CheckedScenario } from '../../decide/check/report.js';

/** What is wrong and, where it is known, what to do next. */
export const problemText = ({
  message,
  suggestion,
}: Pick<CheckedScenario['problems'][number], 'message' | 'suggestion'>): string =>
  suggestion === null ? message : `${message} (${suggestion})`;
