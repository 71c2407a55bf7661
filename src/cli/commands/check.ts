import { type CheckedScenario, checkReport, judged, unreadable } from '../../analyses/check/report.js';
import { needsBaseline, needsDraws, type Rule, readRules } from '../../analyses/check/rules.js';
import { decide, type Judge, judgedBy, stepOf } from '../../analyses/compare/compare.js';
import type { Problem } from '../../units/problem.js';
import type { checkCommand } from '../analysis-commands.js';
import { type Baseline, keptBaseline, type ReadBaseline, revisionBaseline } from '../baseline.js';
import type { Given } from '../command-entry.js';
import { haveErrors } from '../command-entry.js';
import { type Io, shownName, usageProblem } from '../io.js';
import { progressOn, tool, undrawn } from '../problems.js';
import { type Priced, readPriced, readScenarioFile, scenarioFiles } from '../read-workload.js';
import { readingOnce } from '../write-files.js';
import { refuse, writeReport } from '../write-report.js';

type Options = Given<typeof checkCommand>;

/** A line of JSON Lines is a result here, also of an unreadable file. */
const usual = ['table', 'json'] as const;

export async function run(machine: Io, options: Options): Promise<void> {
  const io = readingOnce(machine);
  const { rules, problems } = readRules(options.failOn ?? []);
  const { files, problems: unfound } = scenarioFiles(io, options.scenarios);
  problems.push(...unfound, ...misused(options, rules));
  const priced = await readPriced(io, options, true);
  problems.push(...priced.problems);
  if (priced.tables === null || haveErrors(problems)) return refuse(io, options, problems, usual);
  const base = await baselineOf(io, options, priced, files);
  problems.push(...base.problems);
  if (haveErrors(problems)) return refuse(io, options, problems, usual);

  const progress = progressOn(io, options.quiet === true, (done) => `${done} of ${files.length} scenarios checked`);
  const results: CheckedScenario[] = [];
  for (const file of files) {
    results.push(await checkOne(io, file, { options, rules, priced, baseline: base.baseline }));
    progress.tick(results.length);
    // An interrupt is heard between two scenarios.
    await new Promise((resume) => setImmediate(resume));
  }
  progress.end();
  const checked = checkReport(results, { tool, rules, baseline: base.baseline?.name ?? null });
  await writeReport(io, checked, options, [...problems, ...unmatched(base.baseline, results)]);
}

/** That scenarios are new is worth a second look where all of them are. */
function unmatched(baseline: Baseline | null, results: readonly CheckedScenario[]): Problem[] {
  const read = results.filter(({ status }) => status !== 'error');
  const isNew = ({ change, problems }: CheckedScenario): boolean =>
    change === null && !problems.some(({ code }) => code.startsWith('baseline-'));
  return baseline?.unmatched !== undefined && read.length > 0 && read.every(isNew) ? [baseline.unmatched] : [];
}

/** `priced`: problems of its reading are those of every scenario. */
type Asked = { options: Options; rules: readonly Rule[]; priced: Priced; baseline: Baseline | null };

/** Without a baseline. */
const newHere = { before: null, untold: null, problems: [] };

async function checkOne(io: Io, file: string, { options, rules, priced, baseline }: Asked): Promise<CheckedScenario> {
  const { scenario: read, problems, judge: own } = await readScenarioFile(io, file, options, priced);
  const name = shownName(file);
  if (read === null || own.tables === null) return unreadable(name, problems);
  const decision = decide(read, own, {
    tool,
    draws: rules.some(needsDraws),
    include: options.option ?? [],
    ...(options.seed !== undefined && { seed: Number(options.seed) }),
  });
  const { before, untold, problems: ofBaseline } = (await baseline?.of(name, read, decision)) ?? newHere;
  const change = before && stepOf(before, { name: 'now', decision, judged: judgedBy(read, own) });
  return judged(
    {
      ...{ read, decision, change, untold, ofBaseline, problems: [...priced.problems, ...problems] },
      before: before?.decision ?? null,
      baseline: before?.name ?? null,
    },
    rules,
  );
}

/** Options that do not go together. */
function misused(
  { baseline, baselineRef, baselinePricing, point, scenarios }: Options,
  rules: readonly Rule[],
): Problem[] {
  const needy = rules.filter(needsBaseline).map(({ text }) => text);
  const isAlone = baseline === undefined && baselineRef === undefined;
  const inputs = [...scenarios, baseline].filter((each) => each === '-').length;
  const usage = (holds: boolean, message: string, suggestion: string): Problem[] =>
    holds ? [usageProblem(message, suggestion)] : [];
  return [
    ...usage(
      baseline !== undefined && baselineRef !== undefined,
      '--baseline and --baseline-ref are two baselines',
      'give one of them',
    ),
    ...usage(
      baselinePricing !== undefined && baselineRef === undefined,
      '--baseline-pricing is of --baseline-ref',
      'add --baseline-ref, for example origin/main',
    ),
    ...usage(
      baselineRef !== undefined && scenarios.includes('-'),
      'standard input has no revision',
      'name the file, or give --baseline a result kept earlier',
    ),
    ...usage(inputs > 1, 'standard input can be read once', 'name a file for one of them'),
    ...undrawn(point, rules),
    ...usage(
      needy.length > 0 && isAlone,
      `${needy.join(', ')} compares with a baseline`,
      'add --baseline result.json or --baseline-ref origin/main',
    ),
  ];
}

async function baselineOf(io: Io, options: Options, judge: Judge, files: readonly string[]): Promise<ReadBaseline> {
  if (options.baseline !== undefined) return keptBaseline(io, options.baseline, files);
  if (options.baselineRef !== undefined) return revisionBaseline(io, options.baselineRef, options, judge);
  return { baseline: null, problems: [] };
}
