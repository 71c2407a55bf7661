import { comparedReport } from '../../analyses/check/report.js';
import { needsDraws, readRules } from '../../analyses/check/rules.js';
import { type Compared, compare, decide, type Judge, judgedBy, type Unread } from '../../analyses/compare/compare.js';
import { looksLikeResult, readResults } from '../../analyses/compare/read-result.js';
import { memoized, onceEach } from '../../units/memo.js';
import type { Problem } from '../../units/problem.js';
import { mistakeIn } from '../../workload/lint-contradictions.js';
import type { compareCommand } from '../analysis-commands.js';
import { type Given, haveErrors, ownDate, warningOf } from '../command-entry.js';
import { decode, fileProblem, type Io, maxResultBytes, shownName, usageProblem } from '../io.js';
import { progressOn, tool, undrawn } from '../problems.js';
import { shippedDates } from '../read-tables.js';
import { type Priced, readPriced, readScenarioFile } from '../read-workload.js';
import { readingOnce } from '../write-files.js';
import { refuse, writeComparison } from '../write-report.js';

type Options = Given<typeof compareCommand>;

/** One side to read: a scenario or result file, with its prices (none: newest). */
type Wanted = { file: string; pricing: string | undefined; name: string };
type UnreadSide = Unread & { problems: Problem[] };
type Side = Compared | UnreadSide;

/** A line of JSON Lines is a side or step here; errors are as for every command. */
const usual = ['table', 'json', 'jsonl', 'html'] as const;

export async function run(machine: Io, options: Options): Promise<void> {
  const io = readingOnce(machine);
  const { rules, problems } = readRules(options.failOn ?? []);
  problems.push(...undrawn(options.point, rules));
  const wanted = await wantedSides(io, options);
  if ('code' in wanted) problems.push(wanted);
  if ('code' in wanted || haveErrors(problems)) return refuse(io, options, problems, usual);

  const progress = progressOn(io, options.quiet === true, (done) => `${done} decisions made`);
  let made = 0;
  const tick = (): void => progress.tick(++made);
  const judgeOf = memoized((pricing: string | undefined) => readDated(io, options, pricing));
  const draws = rules.some(needsDraws);
  const sides: Side[] = [];
  for (const side of wanted) {
    const found = await readSide(io, side, { options, judgeOf, draws });
    sides.push(...found.sides);
    problems.push(...found.problems);
    tick();
    await new Promise((resume) => setImmediate(resume));
  }
  const unread = sides.filter((side): side is UnreadSide => !('decision' in side));
  const enough = sides.length - unread.length >= 2;
  // A scenario may be unreadable under some prices; an unreadable file is an error.
  if (!enough || options.files.length > 1) problems.push(...unread.flatMap((side) => side.problems));
  if (!enough && !haveErrors(problems))
    problems.push(usageProblem('there is only one thing to compare', 'name another file, or --pricing twice'));
  problems.push(...spare(options, sides), ...nowhere(options, sides));
  if (haveErrors(problems)) {
    progress.end();
    return refuse(io, options, onceEach(problems), usual);
  }
  const comparison = compare(sides, { tool, progress: tick });
  progress.end();
  await writeComparison(io, comparison, comparedReport(comparison, sides, rules), rules, options, onceEach(problems));
}

async function wantedSides(io: Io, { files, pricing = [] }: Options): Promise<Wanted[] | Problem> {
  const [file = '-'] = files;
  if (files.length > 1 && pricing.length > 1)
    return usageProblem(
      'several files and several prices are two comparisons',
      'name several files, or one file and --pricing twice',
    );
  if (files.filter((each) => each === '-').length > 1)
    return usageProblem('standard input can be read once', 'name a file for one of them');
  if (files.length > 1) return files.map((each) => ({ file: each, pricing: pricing[0], name: shownName(each) }));
  const { text } = await io.readText(file, maxResultBytes);
  // What was decided does not change with prices.
  if (text !== null && looksLikeResult(text)) return [{ file, pricing: undefined, name: shownName(file) }];
  const dates = shippedDates();
  const named = pricing.length === 0 ? dates : pricing.length === 1 ? [...pricing, dates.at(-1) ?? ''] : pricing;
  return named.map((each) => ({ file, pricing: each, name: each }));
}

/** Options that say how scenarios are decided, where only results are compared. */
function spare({ pricing, priceBook, set, option, asOf, seed }: Options, sides: readonly Side[]): Problem[] {
  const given = Object.entries({ pricing, 'price-book': priceBook, set, option, 'as-of': asOf, seed })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--${name}`);
  const isKept = (side: Side): boolean => 'decision' in side && side.judged === null;
  if (given.length === 0 || sides.length === 0 || !sides.every(isKept)) return [];
  const message = `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} of scenarios, and results that were kept stay as they are`;
  return [usageProblem(message, 'leave it out, or name scenarios')];
}

/** Options on no side: their lines have no cost. */
function nowhere({ option = [] }: Options, sides: readonly Side[]): Problem[] {
  const judged = sides.flatMap((side) => ('decision' in side && side.judged !== null ? [side] : []));
  const last = judged.at(-1)?.judged?.context;
  if (last === undefined) return [];
  return option.flatMap((id, index) => {
    const rows = judged.flatMap(({ decision }) => decision.asked[index] ?? []);
    if (rows.some(({ monthlyCost }) => monthlyCost !== null)) return [];
    const mistake = mistakeIn(id, last.tables);
    const message = mistake === null ? `no side has a price for ${id}` : `${id}: ${mistake.message}`;
    return [warningOf('not-on-sale', '--option', message, mistake?.suggestion ?? null)];
  });
}

/** The tables of some prices; with `--as-of snapshot` judged on their own date. */
async function readDated(io: Io, { priceBook, asOf }: Options, pricing: string | undefined): Promise<Priced> {
  const priced = await readPriced(io, { pricing, priceBook, asOf: asOf === ownDate ? undefined : asOf }, true);
  return asOf === ownDate && priced.tables !== null ? { ...priced, asOf: priced.tables.snapshot.date } : priced;
}

type How = { options: Options; judgeOf: (pricing: string | undefined) => Promise<Priced>; draws: boolean };

async function readSide(
  io: Io,
  { file, pricing, name }: Wanted,
  { options, judgeOf, draws }: How,
): Promise<{ sides: Side[]; problems: Problem[] }> {
  const { text } = await io.readText(file, maxResultBytes);
  const shown = shownName(file);
  if (text !== null && looksLikeResult(text)) {
    const { decided, entries, problems } = readResults(text, shown);
    if (entries > 1)
      problems.push(
        fileProblem(
          'several-results',
          shown,
          `holds ${entries} results; compare takes one from each file`,
          'for several scenarios: check with --baseline',
        ),
      );
    return { sides: decided.map((decision) => ({ name, decision, judged: null })), problems };
  }
  // Results may be larger than any scenario.
  const tooLarge = text === null ? null : decode(Buffer.from(text), shown).problem;
  if (tooLarge) return { sides: [], problems: [tooLarge] };
  const priced = await judgeOf(pricing);
  if (priced.tables === null) return { sides: [], problems: priced.problems };
  const own = await readScenarioFile(io, file, { ...options, pricing, asOf: undefined }, priced);
  const { scenario: read, problems } = own;
  const tables = own.judge.tables ?? priced.tables;
  const judge: Judge = { ...own.judge, tables, ...(options.asOf === ownDate && { asOf: tables.snapshot.date }) };
  if (read === null || own.judge.tables === null) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const why = errors.map(({ message }) => message);
    const side = { name, file: shown, snapshot: tables.snapshot.date, asOf: judge.asOf, why, problems: errors };
    return { sides: [side], problems: priced.problems };
  }
  const decision = decide(read, judge, {
    tool,
    draws,
    include: options.option ?? [],
    ...(options.seed !== undefined && { seed: Number(options.seed) }),
  });
  const all = [...priced.problems, ...problems];
  return { sides: [{ name, decision, judged: judgedBy(read, judge), problems: all }], problems: all };
}
