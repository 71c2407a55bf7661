import type { ValidateFunction } from 'ajv';
import { type AssessOptions, assess } from '../../src/analyses/assess.js';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import { explain } from '../../src/decide/explain.js';
import { json, table } from '../../src/report/assess.js';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import { applyPriceBook } from '../../src/tables/price-book/apply-price-book.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import type { Problem } from '../../src/units/problem.js';
import { readPriceBook } from '../../src/workload/document.js';
import { readScenario } from '../../src/workload/read.js';
import type { FuzzCase } from './cases.js';

/** What cases are held against. */
export type Against = {
  tables: Tables;
  prose: Prose;
  validate: ValidateFunction;
  asOf: string;
  /** By which scenarios are decided, where not by `tables`. */
  decidedBy?: Tables;
};
/**
 * How much is asked of a scenario that can be read: nothing more, the decision, what follows from it, draws and flips too, or the decision
 * by the whole tables.
 */
export type Depth = 'read' | 'point' | 'crossings' | 'full' | 'whole';
/** What became of a case: `problems` are codes of what was found wrong with it. */
export type Outcome = { accepted: boolean; problems: string[]; status: string | null };

const tool = { name: 'deploy-advisor', version: '0.0.0' };
/** Problems of a file as a whole. */
const wholeFile = new Set(
  `empty-file not-a-map too-large too-deep file-too-large missing-file row-count hash-mismatch
   missing-parameter duplicate-file bad-csv`.split(/\s+/),
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const broken = /\b(?:NaN|undefined|Infinity)\b|\[object/;

/** Reads a scenario and, if it can be read, decides it. @throws Error what is wrong with the program */
export function tryScenario({ file, text, set }: FuzzCase, against: Against, depth: Depth): Outcome {
  const { tables, asOf } = against;
  const { scenario, problems } = readScenario(text, { file, set, tables, asOf });
  checkProblems(problems, text);
  must((scenario === null) === problems.some(isError), 'no scenario without an error, and none with one');
  if (scenario === null || depth === 'read') return outcome(scenario !== null, problems, null);
  // A few of the tables need not have what a scenario's own prices name.
  if (against.decidedBy && scenario.scenario.prices) return outcome(true, problems, null);
  return outcome(true, problems, decide(scenario, { ...against, tables: against.decidedBy ?? tables }, depth));
}

/** Reads a price book and decides a scenario with it. */
export function tryPriceBook({ file, text }: FuzzCase, scenario: string, against: Against): Outcome {
  const { read, partial, problems } = readPriceBook(text, file);
  checkProblems(problems, text);
  must((read === null) === problems.some(isError), 'no book without an error, and none with one');
  const book = read ?? partial;
  if (book === null) return outcome(false, problems, null);
  const priced = applyPriceBook(against.tables, against.prose, book.book, against.asOf);
  const found = priced.problems.map((problem) => book.place(problem));
  checkProblems(found, text);
  if (read === null || found.some(isError)) return outcome(false, [...problems, ...found], null);
  const one = readScenario(scenario, { file: 'scenario.yaml', tables: priced.tables, asOf: against.asOf });
  must(one.scenario !== null, 'the scenario can be read with the prices of the book');
  if (one.scenario === null) return outcome(false, one.problems, null);
  return outcome(true, problems, decide(one.scenario, { ...against, ...priced }, 'point'));
}

/** Reads tables one of whose files was changed and, if they can be read, decides scenarios by them. */
export function tryTables(
  files: readonly TableFile[],
  base: { tables: Tables; prose: Prose } | undefined,
  scenarios: readonly string[],
  against: Against & { lessOf: (tables: Tables) => Tables },
): Outcome {
  const { tables, prose, problems } = loadTables(files, base);
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  for (const problem of problems) checkProblems([problem], texts.get(problem.file) ?? null);
  must((tables === null) === problems.some(isError), 'no tables without an error, and none with one');
  if (tables === null || prose === null) return outcome(false, problems, null);
  for (const text of scenarios) {
    const { scenario } = readScenario(text, { file: 'scenario.yaml', tables, asOf: against.asOf });
    if (scenario !== null) decide(scenario, { ...against, tables: against.lessOf(tables), prose }, 'crossings');
  }
  return outcome(true, problems, null);
}

type Read = NonNullable<ReturnType<typeof readScenario>['scenario']>;

function decide(scenario: Read, { tables, prose, asOf, validate }: Against, depth: Depth): string {
  const level: Partial<AssessOptions> =
    depth === 'point' || depth === 'whole' ? { point: true } : depth === 'full' ? {} : { flips: 'none', draws: 'none' };
  const decision = assess(scenario, tables, { asOf, prose, tool, ...level });
  const text = json(decision);
  must(!control.test(text), 'JSON has no control characters');
  must(validate(JSON.parse(text)), () => `the result conforms to its schema: ${JSON.stringify(validate.errors?.[0])}`);
  const { status, plan, monthlyCost } = decision.recommendation;
  must(status === 'infeasible' || (monthlyCost !== null && monthlyCost >= 0), 'a plan costs nothing or more');
  for (const detail of [null, 'full'] as const) {
    const report = table(decision, { color: false, width: 80, detail });
    must(!control.test(report), 'the report has no control characters');
    must(!broken.test(report) || broken.test(scenario.text), 'the report has no value that is none');
  }
  if (!level.point && plan !== null) {
    const told = explain(scenario, tables, { asOf, plan, figure: null, prose, tool });
    must('tree' in told, 'the plan can be explained');
    breakEven(scenario, tables, { asOf, prose, tool });
  }
  return status;
}

function checkProblems(problems: readonly Problem[], text: string | null): void {
  const lines = text?.split(/\r\n|\n|\r/).length ?? Number.POSITIVE_INFINITY;
  for (const { code, file, line, column, message, suggestion } of problems) {
    const what = `${code} at ${file}:${line}:${column}`;
    must(/^[a-z][a-z0-9-]*$/.test(code), `${what}: a code in kebab-case`);
    must(message !== '' && message.length < 2000, `${what}: a message of some length`);
    must((suggestion?.length ?? 0) < 2000, `${what}: a short suggestion`);
    must(line !== null || wholeFile.has(code), `${what}: has a line`);
    must(line === null || (Number.isInteger(line) && line >= 1), `${what}: lines count from 1`);
    must(file === '--set' || line === null || line <= lines, `${what}: a line of the file`);
    must(column === null || (Number.isInteger(column) && column >= 1), `${what}: columns count from 1`);
  }
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

const outcome = (accepted: boolean, problems: readonly Problem[], status: string | null): Outcome => ({
  accepted,
  problems: [...new Set(problems.map(({ code }) => code))],
  status,
});

function must(holds: boolean, what: string | (() => string)): void {
  if (!holds) throw new Error(`not so: ${typeof what === 'string' ? what : what()}`);
}
