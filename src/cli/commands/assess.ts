import type { Step } from '../../analyses/assess.js';
import type { Decision } from '../../decide/decision.js';
import type { View } from '../../report/document.js';
import type { Problem } from '../../units/problem.js';
import type { ReadScenario } from '../../workload/read.js';
import { fileOf, haveErrors, report, viewOf, write } from '../answer.js';
import { type AssessFormat, type AssessOptions, assessMany, wrongBatch } from '../assess-many.js';
import type { Io } from '../io.js';
import { progressOn } from '../progress.js';
import { type Priced, readOnly, readPriced } from '../read-workload.js';
import { tool } from '../tool.js';

/** How decisions are written: each, and what stands once above them all. */
type Format = { print(decision: Decision, view: View, scenario: ReadScenario): string; head?: string };

/** One module for each format, so that only the one asked for is loaded. */
const formats: Record<AssessFormat, (io: Io, options: AssessOptions, priced: Priced) => Promise<Format>> = {
  table: async () => ({ print: (await import('../../report/assess.js')).table }),
  json: async () => ({ print: (await import('../../report/assess-json.js')).json }),
  jsonl: async () => ({ print: (await import('../../report/assess-json.js')).jsonl }),
  csv: async () => {
    const { csvHead, csv } = await import('../../report/assess.js');
    return { print: csv, head: csvHead };
  },
  markdown: async () => ({ print: (await import('../../report/assess.js')).markdown }),
  html: async (io, options, priced) => {
    const [{ assessPrinter }, { costCurves }] = await Promise.all([
      import('../html-report.js'),
      import('../../analyses/break-even/cost-curves.js'),
    ]);
    const print = await assessPrinter(io, options, priced);
    return {
      print: (decision, _, scenario) =>
        print(
          decision,
          scenario,
          priced.tables === null ? [] : costCurves(scenario, priced.tables, { ...priced, plans: plansShown(decision) }),
        ),
    };
  },
};
export async function run(io: Io, options: AssessOptions): Promise<void> {
  const { scenario: files } = options;
  const [file = '-'] = files;
  const wrong = wrongBatch(options);
  if (wrong !== null) return report(io, options, [wrong]);
  const priced = await readPriced(io, options, showsSources(options));
  const format = formats[options.format ?? 'table'];
  if (files.length > 1 || options.format === 'jsonl') {
    const { print, head = '' } = await format(io, options, priced);
    return assessMany(io, options, priced, await answering(io, options, print), head);
  }

  const { scenario, problems, judge } = await readOnly(io, file, options, priced);
  if (scenario === null || judge.tables === null || haveErrors(problems)) return report(io, options, problems);
  const { print, head = '' } = await format(io, options, judge);
  const answer = await answering(io, options, print);
  const text = head + answer(scenario, judge);
  problems.push(...write(io, text, options));
  // What the report on the same screen warns of is not told twice.
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

/** Turns scenarios into the text of their decisions; exit code 3 where nothing fits. */
async function answering(
  io: Io,
  options: AssessOptions,
  print: Format['print'],
): Promise<(scenario: ReadScenario, judge: Priced) => string> {
  const { assess, steps } = await import('../../analyses/assess.js');
  // `criteria` is the scorecard by its former name.
  const detail = options.detail === 'criteria' ? 'scorecard' : (options.detail ?? null);
  const view = { ...viewOf(io, options), detail };
  return (scenario, { tables, prose, asOf }) => {
    if (tables === null) throw new Error('scenarios are judged by tables');
    const stepsShown = steps.filter((step) => step !== 'levers' || options.levers === true);
    const progress = progressOn(
      io,
      options.quiet === true,
      (step: Step, done: number, total: number | null) =>
        `step ${stepsShown.indexOf(step) + 1} of ${stepsShown.length}: ${step}, ${done}${total === null ? '' : ` of ${total}`}`,
    );
    const decision = assess(scenario, tables, {
      asOf,
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
    progress.end();
    if (decision.recommendation.status === 'infeasible') io.setExitCode(3);
    return print(decision, view, scenario);
  };
}

/** The plans whose cost by volume is drawn: the one advised, the best of each deployment type, and those cheapest somewhere. */
const plansShown = ({ recommendation, scorecard, ladder }: Decision): string[] =>
  [recommendation.plan, ...scorecard.map(({ option }) => option), ...ladder.map(({ plan }) => plan)].filter(
    (plan) => plan !== null,
  );

/** Whether the sources of figures are printed; reading them takes a few milliseconds. */
const showsSources = ({ format = 'table', detail = 'scorecard' }: AssessOptions): boolean =>
  ['json', 'jsonl', 'html'].includes(format) || ['options', 'playbook', 'full'].includes(detail);
