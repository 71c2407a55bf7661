import { Chalk } from 'chalk';
import { needsDraws, type Rule } from '../analyses/check/rules.js';
import { columns } from '../report/printable.js';
import type { Problem } from '../units/problem.js';
import { type Io, usageProblem, visibleJson, visibleText } from './io.js';

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

/** The words that may be options. */
export const optionsIn = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

/**
 * Whether the command line wants JSON: a document, or one a line; null: no. Read by hand, as command line errors are
 * JSON too.
 */
export function jsonWanted(argv: readonly string[]): 'json' | 'jsonl' | null {
  const options = optionsIn(argv);
  // Flags without a value may stand before the `f`, in one word.
  const asked = (name: string): boolean =>
    options.some((word, index) => {
      const [, value] = /^(?:--format=|-[qhV]*f)(.*)$/s.exec(word) ?? [];
      return (word === '--format' || value === '' ? options[index + 1] : value) === name;
    });
  return asked('json') ? 'json' : asked('jsonl') ? 'jsonl' : null;
}

/** Spaces of indent of a document in that form. */
export const indentOf = (form: string): number => (form === 'jsonl' ? 0 : 2);

/** Options of a command as commander gives them. */
export type Values = { readonly [option: string]: string | boolean | string[] | undefined };

/** Rules that only draws can answer, where `--point` leaves these out. */
export function undrawn(point: true | undefined, rules: readonly Rule[]): Problem[] {
  const asking = rules.filter(needsDraws).map(({ text }) => text);
  if (point !== true || asking.length === 0) return [];
  return [usageProblem(`${asking.join(', ')} asks for simulations, which --point leaves out`, 'give one of them')];
}

/** Filled in by the build, so that asking for the version reads no file. */
declare const DEPLOY_ADVISOR_VERSION: string;

/** Who made a document: stands in every JSON output. */
export const tool = { name: 'deploy-advisor', version: DEPLOY_ADVISOR_VERSION };

const quietMs = 1000;

/** Progress on a terminal's stderr after one second: one line, wiped at the end. */
export function progressOn<Done extends unknown[]>(io: Io, quiet: boolean, text: (...done: Done) => string) {
  const started = io.now();
  const shows = !quiet && io.stderr.isTTY;
  let shown = false;
  return {
    tick(...done: Done): void {
      if (!shows || io.now() - started < quietMs) return;
      shown = true;
      // Back at its beginning: where the program is stopped, the shell writes over it.
      io.err(`${text(...done)}\u001b[K\r`);
    },
    end(): void {
      if (shown) io.err('\u001b[K');
    },
  };
}
