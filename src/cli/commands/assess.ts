import type { Step } from '../../analyses/assess.js';
import type { Decision } from '../../decide/decision.js';
import { type Format, type FormatRules, formats } from '../../report/assess.js';
import type { Problem } from '../../units/problem.js';
import type { ReadScenario } from '../../workload/read.js';
import type { assessCommand } from '../analysis-commands.js';
import type { Given } from '../command-entry.js';
import { fileOf, haveErrors, report, viewOf, write } from '../command-entry.js';
import { internalProblem } from '../internal-error.js';
import { fileProblem, type Io, type ReadText, usageProblem } from '../io.js';
import { problemsDocument, progressOn, renderProblems, tool } from '../problems.js';
import { type Priced, readOnly, readPriced, readScenarioText } from '../read-workload.js';

type AssessOptions = Given<typeof assessCommand>;
type AssessFormat = NonNullable<AssessOptions['format']>;

const texts: Record<Exclude<AssessFormat, 'html'>, Format> = formats;
/** A page has the engine inside, and is made by `cli/html-report.ts`. */
const page: FormatRules = { showsSources: true, insteadOfSeveral: 'name one scenario' };

const rulesOf = ({ format = 'table' }: AssessOptions): FormatRules => (format === 'html' ? page : texts[format]);

/** How decisions are printed in the format asked for. */
async function printerOf(io: Io, options: AssessOptions, priced: Priced): Promise<Format['print']> {
  const { format: name = 'table' } = options;
  if (name !== 'html') return texts[name].print;
  const [{ assessPrinter }, { costCurves }] = await Promise.all([
    import('../html-report.js'),
    import('../../analyses/break-even/answer.js'),
  ]);
  const print = await assessPrinter(io, options, priced);
  return (decision, _, scenario) =>
    print(
      decision,
      scenario,
      priced.tables === null ? [] : costCurves(scenario, priced.tables, { ...priced, plans: plansShown(decision) }),
    );
}

export async function run(io: Io, options: AssessOptions): Promise<void> {
  const { scenario: files } = options;
  const [file = '-'] = files;
  const wrong = wrongBatch(options);
  if (wrong !== null) return report(io, options, [wrong]);
  const priced = await readPriced(io, options, showsSources(options));
  if (files.length > 1 || options.format === 'jsonl') {
    const print = await printerOf(io, options, priced);
    return assessMany(io, options, priced, await answering(io, options, print, false));
  }

  const { scenario, problems, judge } = await readOnly(io, file, options, priced);
  if (scenario === null || judge.tables === null || haveErrors(problems)) return report(io, options, problems);
  const answer = await answering(io, options, await printerOf(io, options, judge), true);
  const text = (rulesOf(options).head ?? '') + (await answer(scenario, judge));
  problems.push(...write(io, text, options));
  // Warnings of the report are not repeated.
  const isTold = ({ path, message }: Problem) =>
    fileOf(options) === null &&
    (options.format ?? 'table') === 'table' &&
    scenario.ignored.some((one) => one.path === path && one.message === message);
  await report(
    io,
    options,
    problems.filter((problem) => !isTold(problem)),
  );
}

/**
 * Turns scenarios into the text of their decisions; exit code 3 where nothing fits. Of a scenario alone the first Ctrl-C
 * ends the analyses, so that what they found is printed, with exit code 130; the second one ends the program.
 */
async function answering(
  io: Io,
  options: AssessOptions,
  print: Format['print'],
  isAlone: boolean,
): Promise<(scenario: ReadScenario, judge: Priced) => Promise<string>> {
  const { assessInSteps, steps } = await import('../../analyses/assess.js');
  const view = { ...viewOf(io, options), detail: options.detail ?? null };
  return async (scenario, { tables, prose, asOf }) => {
    if (tables === null) throw new Error('scenarios are judged by tables');
    const stepsShown = steps.filter((step) => step !== 'levers' || options.levers === true);
    const progress = progressOn(
      io,
      options.quiet === true,
      (step: Step, done: number, total: number | null) =>
        `step ${stepsShown.indexOf(step) + 1} of ${stepsShown.length}: ${step}, ${done}${total === null ? '' : ` of ${total}`}`,
    );
    let isStopped = false;
    const release = isAlone
      ? io.onCancel(() => {
          isStopped = true;
          if (options.quiet !== true) io.err('stopping after this step; press Ctrl-C again to quit\n');
        })
      : () => undefined;
    const analyses = assessInSteps(scenario, tables, {
      asOf,
      isStopped: () => isStopped,
      point: options.point ?? false,
      levers: options.levers ?? false,
      progress: progress.tick,
      flips: options.detail === 'full' ? 'all' : 'near',
      ...(options.seed !== undefined && { seed: Number(options.seed) }),
      include: options.option ?? [],
      allOptions: options.allOptions ?? false,
      prose,
      tool,
    });
    let step = analyses.next();
    while (step.done !== true) {
      await io.drained();
      step = analyses.next();
    }
    const decision = step.value;
    release();
    progress.end();
    if (!decision.complete) io.setExitCode(130);
    if (decision.recommendation.status === 'infeasible') io.setExitCode(3);
    return print(decision, view, scenario);
  };
}

/** Plans whose cost by volume is drawn: advised, best of each deployment type, cheapest somewhere. */
const plansShown = ({ recommendation, scorecard, ladder }: Decision): string[] =>
  [recommendation.plan, ...scorecard.map(({ option }) => option), ...ladder.map(({ plan }) => plan)].filter(
    (plan) => plan !== null,
  );

const showsSources = (options: AssessOptions): boolean =>
  rulesOf(options).showsSources === true || ['options', 'playbook', 'full'].includes(options.detail ?? 'scorecard');

const standardInput = '<stdin>';

/** What cannot be combined with several scenarios or standard input; null: nothing. */
function wrongBatch(options: AssessOptions): Problem | null {
  const { scenario: files, format = 'table' } = options;
  if (files.filter((file) => file === '-').length > 1)
    return usageProblem('standard input is named twice', 'name - once');
  const { insteadOfSeveral } = rulesOf(options);
  if (files.length < 2 || insteadOfSeveral === undefined) return null;
  return usageProblem(`${files.length} scenarios are no single ${format.toUpperCase()} document`, insteadOfSeveral);
}

/** A scenario to assess: its text, and its line of standard input (null: a file). */
type Line = { file: string; line: number | null; read: ReadText };

/**
 * Assesses scenarios in turn; an error in one does not stop the others. With `jsonl`, standard input has a scenario a
 * line, answered by a line with a decision or errors.
 */
async function assessMany(
  io: Io,
  options: AssessOptions,
  priced: Priced,
  answer: (scenario: ReadScenario, judge: Priced) => Promise<string>,
): Promise<void> {
  const { problems } = priced;
  const failed = priced.tables === null || haveErrors(problems);
  await report(io, options, problems);
  if (failed) return;
  const { head = '', above } = rulesOf(options);
  const lines = options.format === 'jsonl';
  const target = fileOf(options);
  const sink = target === null ? null : io.openText(target);
  const release = sink && io.onInterrupt(() => sink.drop());
  const view = { color: options.color !== false && io.stderr.color };
  let unwritten: Problem | null = null;
  let reports = 0;
  const named = new Map<string, Priced>();
  for await (const given of scenariosOf(io, options.scenario, lines)) {
    const text = await (lines ? answerLine(given) : answerReport(given));
    if (sink === null) io.out(text);
    else unwritten = sink.write(text);
    if (unwritten !== null) break;
    await io.drained();
  }
  if (unwritten === null) unwritten = sink?.end() ?? null;
  if (unwritten !== null) sink?.drop();
  release?.();
  if (unwritten !== null) await report(io, options, [unwritten]);

  /** A line of the output; an empty one where the line of the input is blank. */
  async function answerLine(given: Line): Promise<string> {
    const { text, errors } = await answered(given);
    return text ?? problemsDocument(errors, 0);
  }

  /** A report under the name of its file; empty on errors, which stderr has. */
  async function answerReport(given: Line): Promise<string> {
    const { text, errors } = await answered(given);
    if (errors.length > 0) io.err(renderProblems(errors, view));
    if (text === null) return '';
    reports += 1;
    const name = above?.(given.file) ?? '';
    const before = reports === 1 ? head : name === '' ? '' : '\n';
    return `${before}${name}${text}`;
  }

  async function answered({ file, line, read }: Line): Promise<{ text: string | null; errors: Problem[] }> {
    const placed = (problem: Problem): Problem =>
      line === null || problem.file !== file ? problem : { ...problem, line, column: problem.column ?? 1 };
    // Problems stand where they are in the text, whichever line that is.
    try {
      if (line !== null && read.text?.trim() === '') return { text: '\n', errors: [] };
      const isText = line !== null && read.text !== null && !read.text.trimStart().startsWith('{');
      const given = isText ? { text: null, problem: notAnObject } : read;
      const { scenario, problems, judge } = await readScenarioText(io, given, file, options, priced, named);
      const errors = problems.filter(({ severity }) => severity === 'error');
      const warnings = problems.filter(({ severity }) => severity !== 'error');
      const text = scenario === null || errors.length > 0 ? null : await answer(scenario, judge);
      if (warnings.length > 0 && options.quiet !== true) io.err(renderProblems(warnings.map(placed), view));
      if (text === null) io.setExitCode(2);
      return { text, errors: errors.map(placed) };
    } catch (error) {
      // Our mistake; the others are answered all the same.
      io.setExitCode(70);
      return { text: null, errors: [placed(internalProblem(error, file))] };
    }
  }
}

const notAnObject = fileProblem(
  'not-json-lines',
  standardInput,
  'this line is no scenario: each line of JSON Lines is one, as JSON from { to }',
  'a YAML file goes by its name, or without --format jsonl',
);

async function* scenariosOf(io: Io, files: readonly string[], lines: boolean): AsyncGenerator<Line> {
  for (const file of files) {
    if (file !== '-') yield { file, line: null, read: await io.readText(file) };
    else if (!lines) yield { file: standardInput, line: null, read: await io.readText('-') };
    else {
      let line = 0;
      for await (const read of io.lines()) yield { file: standardInput, line: ++line, read };
    }
  }
}
