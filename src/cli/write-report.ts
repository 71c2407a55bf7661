import path from 'node:path';
import {
  type CheckedScenario,
  type CheckReport,
  checkReport,
  unreadable,
  verdictsOf,
} from '../analyses/check/report.js';
import type { Rule } from '../analyses/check/rules.js';
import { isFailed } from '../analyses/check/verdicts.js';
import type { Comparison } from '../analyses/compare/comparison.js';
import { onceEach } from '../units/memo.js';
import type { Problem } from '../units/problem.js';
import type { checkCommand, compareCommand } from './analysis-commands.js';
import type { Given } from './command-entry.js';
import { report, viewOf, write } from './command-entry.js';
import { realPath } from './files.js';
import { type Io, visibleText } from './io.js';
import { tool } from './problems.js';

type Written = 'output' | 'exitZero' | 'color' | 'quiet' | 'detail' | 'format';
type CheckOptions = Pick<Given<typeof checkCommand>, Written>;
type CheckFormat = NonNullable<CheckOptions['format']>;
/** Options of `compare`, which writes pages too. */
type CompareOptions = Pick<Given<typeof compareCommand>, Written>;

type View = { color: boolean; width: number; folder: string; detail: boolean };
type Form = (checked: CheckReport, view: View) => string;

/** One module for each format, loaded on demand. */
const forms: Readonly<Record<CheckFormat, () => Promise<Form>>> = {
  table: async () => (await import('../report/check.js')).checkTable,
  json: async () => (await import('../report/check.js')).checkJson,
  jsonl: async () => (await import('../report/check.js')).checkJsonl,
  markdown: async () => (await import('../report/check-markdown.js')).markdown,
  github: async () => (await import('../report/ci-formats.js')).githubCommands,
  junit: async () => (await import('../report/ci-formats.js')).junit,
  sarif: async () => (await import('../report/ci-formats.js')).sarif,
};

/** Formats without visible problems, which go to stderr as well. */
const tellNoProblems: ReadonlySet<CheckFormat> = new Set(['table', 'junit']);

/**
 * An error that stops everything, in the requested format.
 *
 * @param usual formats with the usual errors of commands
 */
export async function refuse(
  io: Io,
  { format = 'table', ...options }: CompareOptions,
  problems: readonly Problem[],
  usual: readonly NonNullable<CompareOptions['format']>[],
): Promise<void> {
  if (usual.includes(format) || format === 'html') return report(io, { ...options, format }, problems);
  const { file: first = '' } = problems.find(({ severity }) => severity === 'error') ?? {};
  const files = [...new Set([first, ...problems.map(({ file }) => file)])];
  const results = files.map((file) => ({
    ...unreadable(
      file,
      problems.filter((problem) => problem.file === file),
    ),
    // An error in no file, such as an unknown snapshot date, is under our name.
    title: file === '' ? tool.name : file,
  }));
  await writeReport(
    io,
    checkReport(results, { tool, rules: [], baseline: null, refused: true }),
    { ...options, format },
    [],
  );
}

/**
 * Prints a check, and exits with the worst of its codes.
 *
 * @param billed see `githubOutputs`
 */
export async function writeReport(
  io: Io,
  checked: CheckReport,
  options: CheckOptions,
  problems: readonly Problem[],
  billed = checked.results,
): Promise<void> {
  const { format = 'table' } = options;
  const form = await forms[format]();
  const written = write(io, form(checked, viewIn(io, options)), options);
  const all = [...problems, ...written];
  // What was not written ends the run as a mistake, whatever the check found.
  const ended: CheckReport = written.length > 0 ? { ...checked, exitCode: 2 } : checked;
  if (format === 'github') all.push(...(await tellWorkflow(io, ended, billed)));
  const untold = tellNoProblems.has(format) ? checked.results.flatMap((result) => result.problems) : [];
  await report(io, { ...options, format: 'table' }, onceEach([...all, ...untold]));
  endWith(io, checked, options);
}

/** Prints a comparison: in its own formats, else as a check of its steps. */
export async function writeComparison(
  io: Io,
  comparison: Comparison,
  steps: readonly CheckedScenario[],
  rules: readonly Rule[],
  { format = 'table', ...options }: CompareOptions,
  problems: readonly Problem[],
): Promise<void> {
  const baseline = comparison.sides.length === 2 ? (comparison.sides[0]?.name ?? null) : 'the side before';
  const checked = checkReport(steps, { tool, rules, baseline });
  if (format !== 'table' && format !== 'json' && format !== 'jsonl' && format !== 'html')
    return writeReport(io, checked, { ...options, format }, problems, steps.slice(-1));
  const view = { ...viewIn(io, options), failed: failedIn(checked, comparison) };
  const text = await textOf(comparison, checked, format, view);
  const written = write(io, text, options);
  await report(io, { ...options, format }, [...problems, ...written]);
  endWith(io, checked, options);
}

/** Rules that failed or cannot be decided, in words. */
const failedIn = (checked: CheckReport, comparison: Comparison): string[] =>
  verdictsOf(checked, comparison)
    .filter(isFailed)
    .map(({ to, rule, message }) => visibleText(`${to}: ${rule}: ${message}`));

async function textOf(
  comparison: Comparison,
  checked: CheckReport,
  format: 'table' | 'json' | 'jsonl' | 'html',
  view: View & { failed: string[] },
): Promise<string> {
  if (format === 'table') return (await import('../report/compare.js')).compareTable(comparison, view);
  if (format === 'html') return (await import('./html-report.js')).comparePage(comparison, view);
  const json = await import('../report/check.js');
  return format === 'json' ? json.comparisonJson(comparison, checked) : json.comparisonJsonl(comparison, checked);
}

function viewIn(io: Io, options: Omit<CompareOptions, 'format'>): View {
  const folder = folderInRepository(io.variable('GITHUB_WORKSPACE'));
  return { ...viewOf(io, options), folder, detail: options.detail ?? false };
}

/** The working directory from the workflow's repository root; empty: it is the root, or outside. */
function folderInRepository(root: string | null): string {
  const folder = root === null ? '' : path.relative(realPath(root), process.cwd()).replaceAll(path.sep, '/');
  return folder.startsWith('..') || path.isAbsolute(folder) ? '' : folder;
}

function endWith(io: Io, { exitCode }: CheckReport, { exitZero }: CheckOptions): void {
  io.setExitCode(exitZero && exitCode !== 2 ? 0 : exitCode);
}

/** The step summary and the outputs of a workflow, where there is one. */
async function tellWorkflow(io: Io, checked: CheckReport, billed: readonly CheckedScenario[]): Promise<Problem[]> {
  const { githubOutputs } = await import('../report/ci-formats.js');
  const { markdown } = await import('../report/check-markdown.js');
  const files = [
    [io.variable('GITHUB_STEP_SUMMARY'), markdown(checked)],
    [io.variable('GITHUB_OUTPUT'), githubOutputs(checked, billed)],
  ] as const;
  return files.flatMap(([file, text]) => (file === null ? [] : (io.appendText(file, text) ?? [])));
}
