import { kindsByTask } from '../../decide/choice.js';
import { monthsOf } from '../../decide/months.js';
import { type Plan, planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { tracedCase } from '../../decide/several-case.js';
import type { Context } from '../../places/placement.js';
import type { Kind } from '../../tables/columns.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { rounded } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import { type ReadScenario, readScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { type Deciding, deciding } from '../flips/decider.js';
import { badVary, type Grid, gridOf, type WrittenAxis } from './grid.js';

/** What is advised at one combination of values. */
export type SweepRow = {
  /** One an axis, as `--set` takes them. */
  values: string[];
  /** `infeasible`: no plan meets the hard rules; `invalid`: the values together are no scenario. */
  status: 'recommended' | 'infeasible' | 'invalid';
  plan: string | null;
  label: string | null;
  shape: string | null;
  kinds: Kind[];
  /** `task=kind`, tasks by name: the advice changes when this does. */
  kindsByTask: string | null;
  /** USD a month. */
  monthlyCost: number | null;
  firstMonthCost: number | null;
  peakMonthCost: number | null;
  /** USD. */
  upfrontCost: number | null;
  fteNeeded: number | null;
  /** Why the values are no scenario. */
  reason: string | null;
};

/** A sweep, whole: cells in the order of their axes, the last one fastest. */
export type SweepAnswer = SweepHead & { cells: SweepRow[] };

/** The request. */
export type SweepHead = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: { name: string; file: string; sha256: string; set: string[] };
  tables: { snapshot: string; asOf: string; sha256: string; priceBook: string | null };
  axes: { path: string; values: string[] }[];
};

/** A scenario as read with its settings, and the tables it is judged by. */
export type Swept = { read: ReadScenario; set: readonly string[]; tables: Tables; asOf: string };

const unread: Prose = () => ({ source: '', date: '', note: '' });

export const settingsOf = ({ axes, valuesOf }: Grid, cell: number): string[] =>
  valuesOf(cell).map((value, i) => `${axes[i]?.path}=${value}`);

/** What is wrong with the scenario under further settings. */
export const problemsWith = ({ read, set, tables, asOf }: Swept, settings: readonly string[]): Problem[] =>
  readScenario(read.text, { file: read.file, set: [...set, ...settings], tables, asOf }).problems.filter(
    ({ severity }) => severity === 'error',
  );

/**
 * Decides cells of a grid in turn: the advice of `assess --point` with the cell's values as settings. Each reuses what
 * it can of earlier cells.
 */
export function cellDecider(swept: Swept, grid: Grid): (cell: number) => SweepRow {
  const { read, asOf } = swept;
  const own = grid.axes.some(({ path }) => /^prices(?:\.|$)/.test(path));
  const { tables } = withScenarioPrices(read, swept.tables, unread);
  let decide: Deciding | null = null;
  const planOf = (context: Context): Plan | null => {
    decide ??= deciding(context);
    const { plan } = decide(context);
    return plan && tracedCase(plan);
  };
  return (cell) => {
    const values = grid.valuesOf(cell);
    const settings = settingsOf(grid, cell);
    const scenario = read.changed(settings);
    if (scenario === null) return invalidRow(values, problemsWith(swept, settings));
    const again = own
      ? readScenario(read.text, { ...swept, file: read.file, set: [...swept.set, ...settings] }).scenario
      : null;
    const priced = again === null ? tables : withScenarioPrices(again, swept.tables, unread).tables;
    const context: Context = { workload: resolve({ ...read, scenario }, priced, asOf), tables: priced };
    const { workload } = context;
    const plan = planOf(context);
    if (plan === null) return { ...emptyRow, values, status: 'infeasible' };
    const months = monthsOf(plan, context);
    return {
      values,
      status: 'recommended',
      plan: plan.id,
      label: planWords(plan, priced),
      shape: plan.shape,
      kinds: kindsOf(plan, workload),
      kindsByTask: kindsByTask(plan),
      monthlyCost: rounded(plan.monthlyUsd),
      firstMonthCost: rounded(months.firstUsd),
      peakMonthCost: rounded(months.peakUsd),
      upfrontCost: rounded(plan.upfrontUsd),
      fteNeeded: rounded(plan.fte),
      reason: null,
    };
  };
}

const emptyRow: SweepRow = {
  values: [],
  status: 'invalid',
  plan: null,
  label: null,
  shape: null,
  kinds: [],
  kindsByTask: null,
  monthlyCost: null,
  firstMonthCost: null,
  peakMonthCost: null,
  upfrontCost: null,
  fteNeeded: null,
  reason: null,
};

const invalidRow = (values: string[], problems: readonly Problem[]): SweepRow => ({
  ...emptyRow,
  values,
  reason: problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
});

/** Combinations that are looked at before a value counts as wrong in all of them. */
const mostLooked = 256;

/** Values that are wrong whatever the other axes, each at its place in the argument. */
export function wrongValues(axes: readonly WrittenAxis[], swept: Swept): Problem[] {
  const told = new Set<string>();
  return axes.flatMap((axis, a) =>
    axis.values.flatMap((value, i) => {
      const found = problemsWith(swept, [`${axis.path}=${value}`]);
      if (found.length === 0 || isRightSomewhere(axes, a, value, swept)) return [];
      return found.flatMap((problem) => {
        const { offset, about } = placed(problem, axis, value, i);
        const key = `${a} ${offset} ${about}`;
        if (told.has(key)) return [];
        told.add(key);
        return [badVary(axis.argument, offset, about, problem.suggestion)];
      });
    }),
  );
}

/** The place of a problem within the argument of an axis, and its message. */
function placed({ file, column, path, message }: Problem, axis: WrittenAxis, value: string, i: number) {
  const at = (column ?? 1) - 1;
  const own = file === '--set';
  // A wrong path is wrong for every value.
  if (own && at <= axis.path.length) return { offset: at, about: message };
  const rest = own || path === '' ? message : `${path}: ${message}`;
  return { offset: axis.offsets[i] ?? 0, about: `with ${value}: ${rest}` };
}

function isRightSomewhere(axes: readonly WrittenAxis[], a: number, value: string, swept: Swept): boolean {
  const others: Grid = gridOf(axes.map((axis, i) => (i === a ? { path: axis.path, values: [value] } : axis)));
  if (axes.length === 1) return false;
  const step = Math.max(1, Math.ceil(others.cells / mostLooked));
  for (let cell = 0; cell < others.cells; cell += step)
    if (swept.read.changed(settingsOf(others, cell)) !== null) return true;
  return false;
}
