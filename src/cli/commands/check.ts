import path from 'node:path';
import { type CheckedScenario, checkReport, judged, unreadable } from '../../decide/check/report.js';
import { needsBaseline, type Rule, readRules } from '../../decide/check/rules.js';
import { type Compared, stepOf } from '../../decide/compare/compare.js';
import { decide, type Judge, judgedBy } from '../../decide/compare/judge.js';
import { readResults } from '../../decide/compare/read-result.js';
import type { Decision } from '../../decide/decision.js';
import type { ReadScenario } from '../../scenario/read.js';
import { bookLabels } from '../../tables/price-book/book-labels.js';
import type { Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import type { CheckFormat } from '../check-formats.js';
import { maxResultBytes } from '../decode.js';
import { fileProblem } from '../file-problem.js';
import { atRevision } from '../git-files.js';
import type { Io } from '../io.js';
import { readingOnce } from '../known-files.js';
import { progressOn } from '../progress.js';
import { readPriced, readScenarioFile, type WorkloadOptions } from '../read-workload.js';
import { scenarioFiles } from '../scenario-files.js';
import { tool } from '../tool.js';
import type { Values } from '../values.js';
import { refuse, writeReport } from '../write-report.js';

type Options = WorkloadOptions & {
  scenarios?: string[];
  failOn?: string[];
  baseline?: string;
  baselineRef?: string;
  baselinePricing?: string;
  exitZero?: true;
  format?: CheckFormat;
  output?: string;
  seed?: string;
  color: boolean;
  quiet?: true;
};

type Baseline = {
  name: string;
  /** What a scenario was before: decided again by files of then, or as a result kept; null: it was not there. */
  of(file: string, read: ReadScenario, now: Decision): Promise<{ before: Compared | null; problems: Problem[] }>;
};

/** A line of JSON Lines is a result here, of a file that cannot be read as of others. */
const usual = ['table', 'json'] as const;

const isError = ({ severity }: Problem): boolean => severity === 'error';

/** `check <scenarios...>`: expectations and rules, scenario by scenario. */
export async function runCheck(machine: Io, values: Values): Promise<void> {
  const io = readingOnce(machine);
  const options = values as unknown as Options;
  const { rules, problems } = readRules(options.failOn ?? []);
  const { files, problems: unfound } = scenarioFiles(io, options.scenarios ?? []);
  problems.push(...unfound, ...misused(options, rules));
  const priced = await readPriced(io, options, true);
  problems.push(...priced.problems);
  if (priced.tables === null || problems.some(isError)) return refuse(io, options, problems, usual);
  const judge: Judge = { ...priced, tables: priced.tables };
  const base = await baselineOf(io, options, judge, files);
  problems.push(...base.problems);
  if (problems.some(isError)) return refuse(io, options, problems, usual);

  const progress = progressOn(io, options.quiet === true, (done) => `${done} of ${files.length} scenarios checked`);
  const results: CheckedScenario[] = [];
  for (const file of files) {
    results.push(await checkOne(io, file, { options, rules, judge, baseline: base.baseline }));
    progress.tick(results.length);
    // An interrupt is heard between two scenarios.
    await new Promise((resume) => setImmediate(resume));
  }
  progress.end();
  const checked = checkReport(results, { tool, rules, baseline: base.baseline?.name ?? null });
  await writeReport(io, checked, options, problems);
}

type Asked = { options: Options; rules: readonly Rule[]; judge: Judge; baseline: Baseline | null };

async function checkOne(io: Io, file: string, { options, rules, judge, baseline }: Asked): Promise<CheckedScenario> {
  const { scenario: read, problems } = await readScenarioFile(io, file, options, judge);
  if (read === null) return unreadable(file, problems);
  const draws = rules.some(({ is }) => is === 'probability');
  const decision = decide(read, judge, {
    tool,
    draws,
    ...(options.seed !== undefined && { seed: Number(options.seed) }),
  });
  const found = await baseline?.of(file, read, decision);
  const before = found?.before ?? null;
  const change =
    before === null ? null : stepOf(before, { name: 'now', decision, judged: before.judged && judgedBy(read, judge) });
  return judged(
    {
      read,
      decision,
      before: before?.decision ?? null,
      baseline: before === null ? null : (baseline?.name ?? null),
      change,
      problems: [...problems, ...(found?.problems ?? [])],
    },
    rules,
  );
}

/** Options that do not go together. */
function misused(
  { baseline, baselineRef, baselinePricing, scenarios = [] }: Options,
  rules: readonly Rule[],
): Problem[] {
  const usage = (message: string, suggestion: string): Problem => fileProblem('usage', '', message, suggestion);
  const needy = rules.filter(needsBaseline).map(({ text }) => text);
  return [
    ...(baseline !== undefined && baselineRef !== undefined
      ? [usage('--baseline and --baseline-ref are two baselines', 'give one of them')]
      : []),
    ...(baselinePricing !== undefined && baselineRef === undefined
      ? [usage('--baseline-pricing is of --baseline-ref', 'add --baseline-ref, for example origin/main')]
      : []),
    ...(baselineRef !== undefined && scenarios.includes('-')
      ? [usage('standard input has no revision', 'name the file, or give --baseline a result kept earlier')]
      : []),
    ...([...scenarios, baseline].filter((each) => each === '-').length > 1
      ? [usage('standard input can be read once', 'name a file for one of them')]
      : []),
    ...(needy.length > 0 && baseline === undefined && baselineRef === undefined
      ? [
          usage(
            `${needy.join(', ')} compares with a baseline`,
            'add --baseline result.json or --baseline-ref origin/main',
          ),
        ]
      : []),
  ];
}

async function baselineOf(
  io: Io,
  options: Options,
  judge: Judge,
  files: readonly string[],
): Promise<{ baseline: Baseline | null; problems: Problem[] }> {
  if (options.baseline !== undefined) return keptBaseline(io, options.baseline, files);
  if (options.baselineRef !== undefined) return revisionBaseline(io, options.baselineRef, options, judge);
  return { baseline: null, problems: [] };
}

/** Results kept in a file: those of the same scenario file; a single one is compared with a single scenario. */
async function keptBaseline(
  io: Io,
  file: string,
  files: readonly string[],
): Promise<{ baseline: Baseline | null; problems: Problem[] }> {
  const { text, problem } = await io.readText(file, maxResultBytes);
  if (text === null) return { baseline: null, problems: [problem] };
  const { decided, entries, problems } = readResults(text, file);
  const byFile = new Map(decided.map((one) => [samePath(one.scenario.file), one]));
  const only = entries === 1 && files.length === 1 ? decided[0] : undefined;
  if (only === undefined && problems.length === 0 && !files.some((each) => byFile.has(samePath(each)))) {
    const held = decided.map(({ scenario }) => scenario.file).join(', ');
    problems.push({
      ...fileProblem('baseline-unmatched', file, `holds none of these scenarios, so nothing is compared: ${held}`),
      severity: 'warning',
    });
  }
  const of: Baseline['of'] = async (name) => {
    const decision = byFile.get(samePath(name)) ?? only;
    return { before: decision ? { name: file, decision, judged: null } : null, problems: [] };
  };
  return { baseline: { name: file, of }, problems };
}

/** The files as they were in a revision, decided by the same rules on the same day. */
async function revisionBaseline(
  io: Io,
  revision: string,
  options: Options,
  now: Judge,
): Promise<{ baseline: Baseline | null; problems: Problem[] }> {
  const { revision: there, problem } = atRevision(io, revision);
  if (there === null) return { baseline: null, problems: [problem] };
  const pricing = options.baselinePricing ?? options.pricing;
  const { priceBook, ...rest } = options;
  const hadBook = priceBook !== undefined && (await there.io.readText(priceBook)).text !== null;
  const asked = { ...rest, ...(pricing !== undefined && { pricing }), ...(hadBook && { priceBook }) };
  const priced = await readPriced(there.io, asked, true);
  const { tables } = priced;
  if (tables === null && options.baselinePricing !== undefined) return { baseline: null, problems: priced.problems };
  const wrong = priced.problems.filter(isError).map(({ file, message }) => `${file}: ${message}`);
  if (tables === null || wrong.length > 0) {
    const of: Baseline['of'] = async (file) => ({
      before: null,
      problems: [
        {
          ...unreadBefore(file, revision, wrong.join('; ')),
          suggestion: `name prices to judge ${revision} by: --baseline-pricing <date|folder>`,
        },
      ],
    });
    return { baseline: { name: revision, of }, problems: [] };
  }
  const judge: Judge = { ...priced, tables, asOf: now.asOf };
  const of: Baseline['of'] = async (file, read, decidedNow) => {
    const { scenario, problems } = await readScenarioFile(there.io, file, options, judge);
    if (scenario === null) {
      const isNew = problems.some(({ code }) => code === 'file-not-found');
      const why = problems.map(({ message }) => message).join('; ');
      return { before: null, problems: isNew ? [] : [unreadBefore(file, revision, why)] };
    }
    const isSame = scenario.text === read.text && sameTables(judge.tables, now.tables);
    const decision = isSame ? decidedNow : decide(scenario, judge, { tool, draws: false });
    return {
      before: { name: revision, decision, judged: judgedBy(scenario, judge) },
      problems: [],
    };
  };
  return { baseline: { name: revision, of }, problems: [] };
}

/** A file by one name, however it was written. */
const samePath = (file: string): string =>
  file === '-' || file === '<stdin>' ? '<stdin>' : path.relative(process.cwd(), path.resolve(file));

/** Whether all prices are the same, the user's own included. */
const sameTables = (a: Tables, b: Tables): boolean =>
  a.snapshot.sha256 === b.snapshot.sha256 && bookLabels(a) === bookLabels(b);

/** What was broken before does not keep a change from being checked that mends it. */
const unreadBefore = (file: string, revision: string, why: string): Problem => ({
  ...fileProblem('baseline-unread', file, `as of ${revision} it cannot be read, so nothing is compared: ${why}`),
  severity: 'warning',
});
