import { csvRecords } from '../../src/tables/parse.js';
import { nearest } from '../../src/units/problem.js';
import { canonical, inputsOf, readNumber } from './inputs.js';
import { formulas } from './registry.js';
import { inUnit, readUnit } from './unit.js';

/** One worked example: what the engine computes, and what was published. */
export type CaseResult = {
  id: string;
  line: number;
  formula: string;
  computed: number;
  expected: number;
  unit: string;
  deviationPct: number;
  tolerancePct: number;
  met: boolean;
  /** Inputs that this form of the formula has no use for. */
  unused: string[];
};

/** What keeps a row, or the file, from being read. */
export type CaseProblem = { line: number; id: string; message: string };

const columns = ['id', 'inputs_json', 'expected', 'unit', 'tolerance_pct'] as const;
type Column = (typeof columns)[number];
/** Rounding errors of a double, for rows with tolerance 0. */
const roundingPct = 1e-9;

/** Runs all rows of a table of worked examples; rows that cannot be read are problems, the others are run. */
export function runCases(text: string): { results: CaseResult[]; problems: CaseProblem[] } {
  const { records, fault } = csvRecords(text);
  const [header, ...rows] = records;
  if (fault) return { results: [], problems: [{ line: fault.line ?? 1, id: '', message: fault.message }] };
  if (header === undefined)
    return { results: [], problems: [{ line: 1, id: '', message: 'empty: write a header and rows' }] };
  const names = header.cells.map((cell) => cell.trim());
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0)
    return {
      results: [],
      problems: [{ line: header.line, id: '', message: `no column ${missing.join(', ')}: add it to the header` }],
    };
  if (rows.length === 0)
    return { results: [], problems: [{ line: header.line, id: '', message: 'no rows below the header' }] };
  const results: CaseResult[] = [];
  const problems: CaseProblem[] = [];
  for (const { cells, line } of rows) {
    const cell = (name: Column): string => cells[names.indexOf(name)]?.trim() ?? '';
    if (cells.length !== names.length) {
      const message = `${cells.length} cells under ${names.length} columns: put quotes around cells with commas`;
      problems.push({ line, id: cell('id'), message });
      continue;
    }
    const run = runRow(cell, line);
    if ('result' in run) results.push(run.result);
    else problems.push(...run.problems.map((message) => ({ line, id: cell('id'), message })));
  }
  return { results, problems };
}

type Run = { result: CaseResult } | { problems: string[] };

function runRow(cell: (name: Column) => string, line: number): Run {
  const given = objectIn(cell('inputs_json'));
  const expected = cell('expected').split('|').map(readExpected);
  const tolerancePct = readNumber(cell('tolerance_pct').replace(/%$/, '') || 0);
  const problems = [
    ...(given === null ? ['inputs_json is not a JSON object: write {"formula":"A1", ...}'] : []),
    ...(expected.includes(null) ? [`expected is "${cell('expected')}": write a number`] : []),
    ...(tolerancePct === null ? [`tolerance_pct is "${cell('tolerance_pct')}": write a number`] : []),
    ...(cell('unit') === '' ? ['no unit: write one, as USD/month'] : []),
  ];
  if (given === null) return { problems };
  const name = String(given.formula ?? '');
  const runs = choicesOf(given).map((choice) => compute(choice, cell('unit')));
  for (const run of runs)
    if ('problems' in run) problems.push(...run.problems.filter((message) => !problems.includes(message)));
  if (problems.length > 0) return { problems };
  const tried = runs.flatMap((run) =>
    'value' in run
      ? expected.map((value) => ({ ...run, expected: value as number, off: deviation(run.value, value as number) }))
      : [],
  );
  // Where a row leaves a choice, the closest one counts.
  const [best] = tried.sort((one, other) => Math.abs(one.off) - Math.abs(other.off));
  if (best === undefined) return { problems: ['nothing to compute'] };
  return {
    result: {
      id: cell('id'),
      line,
      formula: name,
      computed: best.value,
      expected: best.expected,
      unit: cell('unit'),
      deviationPct: best.off,
      tolerancePct: tolerancePct ?? 0,
      met: Math.abs(best.off) <= (tolerancePct ?? 0) + roundingPct,
      unused: best.unused,
    },
  };
}

/** Computed against expected in percent; 0 where they are the same, infinite ones too. */
function deviation(computed: number, expected: number): number {
  if (computed === expected) return 0;
  return expected === 0
    ? Math.sign(computed) * Number.POSITIVE_INFINITY
    : ((computed - expected) / Math.abs(expected)) * 100;
}

const never = /^(none|never|inf|infinity|infinite)$/i;
const readExpected = (text: string): number | null =>
  never.test(text.trim()) ? Number.POSITIVE_INFINITY : readNumber(text);

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const mostChoices = 64;

/** One set of inputs for each combination of values written as `a|b`. */
function choicesOf(given: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  let choices: Record<string, unknown>[] = [{}];
  for (const [name, value] of Object.entries(given)) {
    const values =
      typeof value === 'string' && value.includes('|') ? value.split('|').map((each) => each.trim()) : [value];
    choices = choices.flatMap((choice) => values.map((each) => ({ ...choice, [name]: each })));
    if (choices.length > mostChoices) return [{ ...given }];
  }
  return choices;
}

function compute(
  given: Readonly<Record<string, unknown>>,
  unitText: string,
): { value: number; unused: string[] } | { problems: string[] } {
  const { formula: name, ...rest } = given;
  const id = String(name ?? '')
    .trim()
    .toUpperCase();
  const formula = formulas.get(id);
  if (formula === undefined) {
    const like = nearest(id, formulas.keys());
    const known = like ? `did you mean ${like}?` : `known: ${[...formulas.keys()].join(' ')}`;
    return {
      problems: [
        name === undefined
          ? 'no `formula` in inputs_json: name one, as "A1"'
          : `unknown formula "${String(name)}": ${known}`,
      ],
    };
  }
  const inputs = inputsOf(rest);
  const unit = readUnit(unitText);
  const quantity = formula.of(inputs, unit);
  const problems = inputs.problems();
  const takes = formula.takes.split(' ');
  const known = new Set(takes.map(canonical));
  const unread = inputs.unread();
  for (const input of unread.filter((each) => !known.has(canonical(each)))) {
    const like = nearest(input, takes);
    problems.push(
      `${id} does not read \`${input}\`: ${like ? `did you mean \`${like}\`?` : `it takes ${formula.takes}`}`,
    );
  }
  if (problems.length > 0) return { problems };
  const value = inUnit(quantity, unit);
  if (typeof value === 'string') return { problems: [`${id}: ${value}`] };
  if (Number.isNaN(value)) return { problems: [`${id} gives no number from these inputs: it takes ${formula.takes}`] };
  return { value, unused: unread };
}
