import { Chalk } from 'chalk';
import { columns } from '../report/wrap.js';
import type { Problem } from '../units/problem.js';
import { visibleJson, visibleText } from './io.js';
import { tool } from './tool.js';

/** Version of the JSON errors document. */
const errorsSchemaVersion = '1.0.0';
/** Source lines longer than this show only the part around the caret. */
const excerptColumns = 100;

/**
 * Problems for people, one after another:
 *
 * scenario.yaml:4:12  error  unknown-key  "volum" is not a key of workload
 * 4 |   volum: 50k
 * |   ^
 * = did you mean "volume"?
 */
export function renderProblems(problems: readonly Problem[], view: { color: boolean }): string {
  const chalk = new Chalk({ level: view.color ? 1 : 0 });
  return problems
    .map((problem) => {
      const paint = problem.severity === 'error' ? chalk.red : chalk.yellow;
      const where = [problem.file, problem.line, problem.column]
        .filter((part) => part !== null && part !== '')
        .join(':');
      const head = [visibleText(where), paint(problem.severity), problem.code, visibleText(problem.message)];
      const gutter = problem.line === null ? '' : String(problem.line);
      const margin = `  ${' '.repeat(gutter.length)} `;
      const lines = [head.filter((part) => part !== '').join('  ')];
      if (problem.excerpt !== null) lines.push(...excerptLines(problem.excerpt, problem.column, gutter, margin));
      if (problem.suggestion !== null) lines.push(`${margin}= ${visibleText(problem.suggestion)}`);
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

function excerptLines(source: string, column: number | null, gutter: string, margin: string): string[] {
  const at = Math.max(0, (column ?? 1) - 1);
  const from = source.length <= excerptColumns ? 0 : Math.max(0, at - Math.floor(excerptColumns / 2));
  const show = (text: string): string => visibleText(text.replaceAll('\t', ' '));
  const shown = source.slice(from, from + excerptColumns);
  const before = from > 0 ? '...' : '';
  const after = from + excerptColumns < source.length ? '...' : '';
  const lines = [`  ${gutter} | ${before}${show(shown)}${after}`.trimEnd()];
  if (column !== null) lines.push(`${margin}| ${' '.repeat(columns(before + show(source.slice(from, at))))}^`);
  return lines;
}

/** The errors of `problems` as a JSON document for stdout; without indent, one line. */
export function problemsDocument(problems: readonly Problem[], indent = 2): string {
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code, file, line, column, path, message, suggestion }) => ({
      code,
      file: file === '' ? null : file,
      line,
      column,
      path,
      message,
      suggestion,
    }));
  return `${visibleJson({ schemaVersion: errorsSchemaVersion, tool, errors }, indent)}\n`;
}
