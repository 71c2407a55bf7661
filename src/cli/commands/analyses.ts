import type { Answers } from '../../analyses/guidance.js';
import { explain } from '../../decide/explain.js';
import { explainJson, explainTable } from '../../report/explain.js';
import { jsonText } from '../../report/printable.js';
import { factNames, isValueOf, scenarioFacts } from '../../tables/row-facts.js';
import type { Tables } from '../../tables/tables.js';
import { type Problem, suggestion } from '../../units/problem.js';
import { readShare } from '../../units/readers.js';
import { numberReader } from '../../units/uncertain.js';
import { taskNames } from '../../workload/set.js';
import { problemAt } from '../../workload/source.js';
import type { backtestCommand, explainCommand, guidesCommand } from '../analysis-commands.js';
import { answer, type Given, haveErrors, report, viewOf, warningOf } from '../command-entry.js';
import { fileProblem, type Io, shownName, usageProblem } from '../io.js';
import { tool } from '../problems.js';
import { shippedDates } from '../read-tables.js';
import { readWorkload } from '../read-workload.js';

/** A single argument: a figure of the recommended plan. */
const figure =
  /^(?:(?:monthly|firstMonth|peakMonth|upfront)Cost|costPer(?:Request|MillionTokens)|fteNeeded|cashExtra|capability|ttftP95Ms|tokensPerSecond|replicas|utilization|(?:tokens|compute|people|storage|network|power|capital|other)\.[\w-]+)$/i;

export async function runExplain(io: Io, options: Given<typeof explainCommand>): Promise<void> {
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, options.scenario, options, true);
  if (scenario === null || tables === null || haveErrors(problems)) return report(io, options, problems);
  const { option, plan: first, figure: second } = options;
  if (option !== undefined && second !== undefined) {
    const twice = usageProblem('--option and an argument both name a plan', 'leave one of them out');
    return report(io, options, [...problems, twice]);
  }
  const alone = second === undefined && first !== undefined && figure.test(first);
  const [plan, asked] = option !== undefined ? [option, first] : alone ? [undefined, first] : [first, second];
  const found = explain(scenario, tables, { asOf, plan: plan ?? null, figure: asked ?? null, prose, tool });
  if ('code' in found) {
    const problem = fileProblem(found.code, '', found.message, found.suggestion);
    return report(io, options, [...problems, problem], found.code === 'nothing-fits' ? 3 : 2);
  }
  const text =
    options.format === 'json'
      ? explainJson(found)
      : explainTable(found, {
          ...viewOf(io, options),
          depth: options.depth === undefined ? null : Number(options.depth),
          isJob: scenario.scenario.workload.once === true,
        });
  await answer(io, options, text, problems);
}

const maxBytes = 20 * 1024 * 1024;

export async function runBacktest(io: Io, options: Given<typeof backtestCommand>): Promise<void> {
  const { scenario: file, actuals: actualsFile } = options;
  if (file === '-' && actualsFile === '-')
    return report(io, options, [usageProblem('only one of the two files can be standard input')]);
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, file, options, false);
  const written = await io.readText(actualsFile, maxBytes);
  if (written.problem) problems.push(written.problem);
  const name = shownName(actualsFile);
  const { readActuals } = await import('../../analyses/backtest/actuals.js');
  // Without a scenario the rest of the file is checked all the same.
  const tasks = scenario === null ? null : taskNames(scenario.scenario.tasks);
  const { actuals, problems: found } =
    written.text === null ? { actuals: null, problems: [] } : readActuals(written.text, name, tasks, asOf);
  problems.push(...found);
  if (scenario === null || tables === null || actuals === null || written.text === null || haveErrors(problems))
    return report(io, options, problems);
  const { backtest } = await import('../../analyses/backtest/backtest.js');
  const compared = backtest(scenario, tables, {
    ...{ asOf, actuals, prose, tool },
    plan: options.option ?? null,
    source: { file: name, text: written.text },
    snapshots: shippedDates(),
  });
  if ('code' in compared) {
    const problem = fileProblem(compared.code, '', compared.message, compared.suggestion);
    return report(io, options, [...problems, problem], compared.code === 'nothing-fits' ? 3 : 2);
  }
  const warnings = compared.warnings.map(({ code, message }) => warningOf(code, '', message));
  // The JSON also lists months that are missing, or have not ended.
  const ofRows = found.map(({ code, message }) => ({ code, message, figures: {} }));
  const { backtestTable } = await import('../../report/backtest.js');
  const text =
    options.format === 'json'
      ? jsonText({ ...compared, warnings: [...ofRows, ...compared.warnings] })
      : backtestTable(compared, viewOf(io, options));
  await answer(io, options, text, [...problems, ...warnings]);
}

export async function runGuides(io: Io, options: Given<typeof guidesCommand>): Promise<void> {
  const { scenario, tables, prose, asOf, problems } = await readWorkload(io, options.scenario, options, true);
  const read = tables && readAnswers(options.answer ?? [], tables);
  problems.push(...(read?.problems ?? []));
  if (scenario === null || tables === null || read === null || haveErrors(problems))
    return report(io, options, problems);
  const { assess } = await import('../../analyses/assess.js');
  const { answers } = read;
  // Neither what would flip the advice nor draws are held against a guide.
  const decision = assess(scenario, tables, { asOf, prose, tool, flips: 'none', draws: 'none', answers });
  const { guidesJson, guidesTable } = await import('../../report/other-ways.js');
  if (decision.recommendation.status === 'infeasible') io.setExitCode(3);
  const text = options.format === 'json' ? guidesJson(decision) : guidesTable(decision, viewOf(io, options));
  await answer(io, options, text, problems);
}

/** The name under which `--answer` values are reported. */
const answerFile = '--answer';

/** Reads `GUIDE.fact=value` texts; the last one wins. Problems have their place in the text. */
function readAnswers(
  texts: readonly string[],
  { guides }: Pick<Tables, 'guides'>,
): { answers: Answers; problems: Problem[] } {
  const ids = [...new Set(guides.map(({ guide }) => guide))];
  const answers = new Map<string, number | string>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const complain = (column: number, message: string, near: string | null): void => {
      const place = { file: answerFile, line: 1, column: column + 1, excerpt: text };
      problems.push(problemAt(answerFile, place, { code: 'bad-answer', message, suggestion: near }));
    };
    const [, id = '', written = '', rest = ''] = /^\s*([^.=]*)\.?([^=]*)=(.*)$/s.exec(text) ?? [];
    const name = factNames.find((one) => one === written);
    const value = answerOf(rest.trim());
    if (!ids.includes(id)) complain(0, `there is no guide "${id}"`, suggestion(id, ids, 'guides'));
    else if (name === undefined)
      complain(id.length + 1, `no guide asks for "${written}"`, suggestion(written, factNames, 'facts'));
    else if (!isValueOf(name, value))
      complain(text.indexOf('=') + 1, `"${rest}" is no value of ${id}.${name}`, valuesOf(name, rest));
    else answers.set(`${id}.${name}`, value);
  }
  return { answers, problems };
}

/** A number, a share in percent, or a word; `true` and `false` are yes and no. */
function answerOf(written: string): number | string {
  const read = written.endsWith('%') ? readShare(written) : numberReader(null, { least: 0 })(written);
  if (read.ok && read.value.range === null) return read.value.likely;
  return written === 'true' ? 'yes' : written === 'false' ? 'no' : written;
}

function valuesOf(name: keyof typeof scenarioFacts, written: string): string | null {
  const kind: 'number' | 'word' | readonly string[] = scenarioFacts[name];
  if (kind === 'number') return 'write a number';
  return kind === 'word' ? null : suggestion(written.trim(), kind, 'values');
}
