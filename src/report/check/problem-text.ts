import type { CheckedScenario } from '../../analyses/check/report.js';

type Problem = CheckedScenario['problems'][number];

/** What is wrong and, where it is known, what to do next. */
export const problemText = ({ message, suggestion }: Pick<Problem, 'message' | 'suggestion'>): string =>
  suggestion === null ? message : `${message} (${suggestion})`;

/** Where it is: in the file that is told of the line alone, else with its name; empty where neither is known. */
export function placeText({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>, told: string): string {
  return [...(file === told ? [] : [file]), line, column].filter((part) => part !== null && part !== '').join(':');
}
