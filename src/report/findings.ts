import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import { onceEach } from '../units/memo.js';
import { adviceText, causeTexts, isQuiet } from './comparison-words.js';
import { counted } from './numbers.js';

/** A message at a line of a scenario. */
export type Finding = {
  level: 'error' | 'warning' | 'notice';
  /** Stable id of a finding: `expect.kinds`, `fail-on.flip`, `unknown-key`, `infeasible`. */
  code: string;
  /** A few words for a title. */
  title: string;
  message: string;
  /** Null: there is no file to show it in. */
  file: string | null;
  line: number | null;
  column: number | null;
};

/** Whether a name is a file: not the command line or standard input. */
const isFile = (name: string): boolean => name !== '' && name !== '<stdin>' && !name.startsWith('--');

/** A finding in its file; at the head if it has no line, or is of the command line. */
function inFile(finding: Finding, { file: scenario, head }: CheckedScenario): Finding {
  const { file, line } = finding;
  if (file !== null && isFile(file) && (line !== null || file !== scenario)) return finding;
  const { line: first = null, column = null } = isFile(scenario) ? (head ?? {}) : {};
  return { ...finding, file: isFile(scenario) ? scenario : null, line: first, column };
}

/** All findings of a check, by scenario: errors, failures, and allowed changes. Shared ones once. */
export const findingsOf = ({ results }: Pick<CheckReport, 'results'>): Finding[] =>
  onceEach(results.flatMap((result) => findingsIn(result).map((finding) => inFile(finding, result))));

function findingsIn(result: CheckedScenario): Finding[] {
  const { title, file, verdicts, problems, status, change, baseline, approved } = result;
  const failed = verdicts.filter(({ state }) => state === 'failed' || state === 'unknown');
  const flipTold = failed.some(({ code }) => code === 'fail-on.flip');
  return [
    ...problems.map((problem) => ({
      level: problem.severity,
      code: problem.code,
      title: problem.code,
      // Beside a line of the scenario nothing else says that it is of the command line.
      message: `${problem.file.startsWith('--') ? `${problem.file}: ` : ''}${problemText(problem)}`,
      file: problem.file === '' ? file : problem.file,
      line: problem.line,
      column: problem.column,
    })),
    ...(status === 'infeasible' ? [infeasible(result)] : []),
    // Of several steps of one scenario a rule says which it is about.
    ...failed.map(({ rule, code, message: verdict, file: where, line, column }): Finding => {
      const message = title === file ? verdict : `${title}: ${verdict}`;
      const why = code === 'fail-on.flip' && change !== null ? causeTexts(change) : [];
      const told = [message, ...(why.length === 0 ? [] : [`because ${why.join('; ')}`])].join('; ');
      return { level: 'error', code, title: rule, message: told, file: where, line, column };
    }),
    ...(change !== null && !isQuiet(change) && !flipTold
      ? [
          {
            level: 'notice' as const,
            code: 'changed',
            title: 'changed',
            message: `${title === file ? `against ${baseline}` : title}: ${adviceText(change)}${approved ? ', as expect says' : ''}`,
            file,
            line: null,
            column: null,
          },
        ]
      : []),
  ];
}

function infeasible({ file, decision }: CheckedScenario): Finding {
  const name = decision?.scenario.name ?? file;
  const message = `${name}: nothing satisfies the hard rules; assess shows what comes closest`;
  return { level: 'error', code: 'infeasible', title: 'nothing fits', message, file, line: null, column: null };
}

type Problem = CheckedScenario['problems'][number];

/** What is wrong and, where it is known, what to do next. */
export const problemText = ({ message, suggestion }: Pick<Problem, 'message' | 'suggestion'>): string =>
  suggestion === null ? message : `${message} (${suggestion})`;

/** The position: the line alone in the current file, else with its file; empty if unknown. */
export function placeText({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>, told: string): string {
  return [...(file === told ? [] : [file]), line, column].filter((part) => part !== null && part !== '').join(':');
}

/** `3 scenarios checked: 1 failed, 1 changed`, `2 steps compared: …`, or `nothing was checked: …`. */
export function headline({ results, refused }: CheckReport): string {
  const mistakes = results.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'));
  if (refused) return `nothing was checked: ${counted(mistakes.length, 'mistake')}`;
  const count = (status: string): number => results.filter((one) => one.status === status).length;
  const changed = results.filter(({ change }) => change !== null && !isQuiet(change)).length;
  const parts = [
    ...told(count('failed'), 'failed'),
    ...told(count('infeasible'), 'nothing fits'),
    ...told(count('error'), 'cannot be read'),
    ...told(changed, 'changed'),
  ];
  const ofSteps = results.some(({ title, file }) => title !== file);
  const what = ofSteps
    ? `${counted(results.length, 'step')} compared`
    : `${counted(results.length, 'scenario')} checked`;
  return `${what}: ${parts.length === 0 ? 'all as they should be' : parts.join(', ')}`;
}

const told = (count: number, words: string): string[] => (count === 0 ? [] : [`${count} ${words}`]);

/** A file's path from the root of its repository, for a name in `folder`; others stay. */
export function inRepository(file: string, folder: string): string {
  const slashed = file.replaceAll('\\', '/');
  if (folder === '' || isAbsolute(slashed)) return slashed.replace(/^(?:\.\/)+/, '');
  const parts: string[] = [];
  for (const part of `${folder}/${slashed}`.split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

export const isAbsolute = (path: string): boolean => /^(?:\/|[A-Za-z]:\/)/.test(path);
