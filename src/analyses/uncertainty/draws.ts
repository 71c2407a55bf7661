import type { CapacityError } from '../../capacity/replica.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { factorOf } from '../../tables/price-book/price-book.js';
import { copied, originalOf, withRows } from '../../tables/query.js';
import type { Tables } from '../../tables/tables.js';
import type { Uncertain } from '../../units/uncertain.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { rangesOf } from '../../workload/set.js';
import { measuredOf } from '../../workload/workload.js';
import { repricer } from './costs.js';
import type { ScenarioSubject, UncertainInput } from './inputs.js';

/** The case with inputs at some values, by index; valid until the next one is made. */
export type CaseAt = (values: ArrayLike<number>) => Context;

/** Values of the inputs in a draw (0, 1, …). */
export function drawn(inputs: readonly UncertainInput[], draw: number, into: Float64Array): Float64Array {
  for (const [i, { quantile, share }] of inputs.entries()) into[i] = quantile(share(draw));
  return into;
}

/** Every input at its likely value. */
export const likelyOf = (inputs: readonly UncertainInput[]): Float64Array =>
  Float64Array.from(inputs, ({ likely }) => likely);

/**
 * A copy of a scenario and its tables to write values into, so that thousands of simulations only take resolving. Slow
 * parts of latency targets come from the workload at likely values.
 */
export function casesOf(read: ReadScenario, context: Context, inputs: readonly UncertainInput[]): CaseAt {
  const scenario = structuredClone(read.scenario);
  const assumptions = { ...scenario.assumptions };
  scenario.assumptions = assumptions;
  const ranges = new Map(rangesOf(scenario).map(({ path, value }) => [path, value]));
  const priced = inputs.some(({ subject }) => ['listPrice', 'rent', 'ownPrice'].includes(subject.is));
  const tables = priced ? withOwnRows(context.tables) : context.tables;
  const errors = new Map<string, Map<string, number>>();
  const cells: Cells = new Map();
  const writes = inputs.map(writeOf);
  const again = { ...read, scenario };
  return (values) => {
    for (const [i, write] of writes.entries()) write(values[i] as number);
    const workload = resolve(again, tables, context.workload.asOf);
    // What was measured is off by what the user says, and by nothing more.
    const capacityError: CapacityError = (family, accelerator) =>
      measuredOf(workload.measured, family, accelerator) ?? errors.get(family)?.get(accelerator) ?? 1;
    // Rows change in place, so caches by assumptions do not hold.
    return { tables, workload: { ...workload, assumptions: {}, capacityError, near: context.workload } };
  };

  /** Where a value of an input goes. */
  function writeOf({ subject, path }: UncertainInput): (value: number) => void {
    if (subject.is === 'listPrice') {
      const row = tables.acceleratorOf.get(subject.accelerator);
      return (value) => {
        if (row !== undefined) row.listPriceUsd = value;
      };
    }
    if (subject.is === 'ownPrice' || subject.is === 'rent') {
      const rows = subject.is === 'rent' ? subject.rows : subject.range.rows;
      const moves = rows.flatMap(({ table, row, columns }) => {
        const found = (tables[table] as readonly PricedRow[]).find((one) => one.row === row);
        return found === undefined ? [] : columns.map((column) => factorOn(found, column, cells));
      });
      return (value) => {
        const factor = subject.is === 'rent' ? value : factorOf(subject.range, value);
        for (const move of moves) move(factor);
      };
    }
    if (subject.is === 'capacity') {
      const ofFamily = errors.get(subject.family) ?? new Map<string, number>();
      errors.set(subject.family, ofFamily);
      return (value) => {
        ofFamily.set(subject.accelerator, value);
      };
    }
    const place = placeOf(subject, path);
    return (value) => {
      if (place !== undefined) place.likely = value;
    };
  }

  /** The number of the scenario, or of its assumptions, that an input is. */
  function placeOf(subject: ScenarioSubject, path: string): Uncertain | undefined {
    if (subject.is === 'scenario') return ranges.get(path);
    if (subject.is === 'figure') return subject.placeIn(scenario);
    const place = { likely: 0, range: null };
    assumptions[subject.name] = place;
    return place;
  }
}

type PricedRow = { row: number; [column: string]: unknown };

/** Cells that ranges move: the value, and the factors of all ranges on it. */
type Cells = Map<PricedRow, Map<string, { usd: number; factors: number[] }>>;

/** Takes a factor of one range into a cell, which other ranges may move too. */
function factorOn(row: PricedRow, column: string, cells: Cells): (factor: number) => void {
  const ofRow = cells.get(row) ?? new Map<string, { usd: number; factors: number[] }>();
  cells.set(row, ofRow);
  const cell = ofRow.get(column) ?? { usd: row[column] as number, factors: [] };
  ofRow.set(column, cell);
  const place = cell.factors.push(1) - 1;
  return (factor) => {
    cell.factors[place] = factor;
    row[column] = cell.factors.reduce((usd, one) => usd * one, cell.usd);
  };
}

/** Tables with rows of prices of their own, to be written into. */
function withOwnRows(tables: Tables): Tables {
  const copyOf = new Map<object, object>();
  const own = <Row extends object>(rows: readonly Row[]): Row[] =>
    rows.map((row) => {
      const copy = copied(row);
      copyOf.set(originalOf(row), copy);
      return copy;
    });
  const accelerators = own(tables.accelerators);
  return withRows(tables, {
    accelerators,
    acceleratorOf: new Map(accelerators.map((row) => [row.accelerator, row])),
    api: own(tables.api),
    rental: own(tables.rental),
    hosting: own(tables.hosting),
    copyOf,
    copiedFrom: tables,
  });
}

/** Draws of the inputs, and what every plan costs in each of them. */
export type Sample = {
  inputs: readonly UncertainInput[];
  draws: number;
  /** Value of input i in draw k at i x draws + k; NaN where nothing depends on it. */
  values: Float64Array;
  /** USD a month of plan p in draw k at p x draws + k; infinite: it cannot run, or was not priced. */
  usd: Float64Array;
  /** Number of simulations in which each plan was priced: all, or the first ones for dear plans. */
  seen: Int32Array;
};

/**
 * Plans that cost more than a multiple of the cheapest in each of the first simulations are priced in those alone;
 * later ones draw only the inputs of the others.
 */
type Survival = {
  first: number;
  upTo: number;
  /** USD a month that each plan counts beyond its cost. */
  extraUsd: readonly number[];
  matters(plans: readonly Plan[]): ReadonlySet<string>;
};

/** Prices plans on the same simulations; the first plan in all of them. */
export function sampleOf(
  plans: readonly Plan[],
  inputs: readonly UncertainInput[],
  draws: number,
  caseAt: CaseAt,
  { first, upTo, extraUsd, matters }: Survival,
): Sample {
  const values = new Float64Array(inputs.length * draws).fill(Number.NaN);
  const usd = new Float64Array(plans.length * draws).fill(Number.POSITIVE_INFINITY);
  const seen = new Int32Array(plans.length).fill(draws);
  const one = new Float64Array(inputs.length);
  const { tables } = caseAt(likelyOf(inputs));
  const price = (among: readonly number[], from: number, to: number, which: readonly number[]): void => {
    const repriced = repricer(
      among.map((p) => plans[p] as Plan),
      tables,
    );
    const costs = new Float64Array(among.length);
    for (let k = from; k < to; k++) {
      for (const i of which) {
        const { quantile, share } = inputs[i] as UncertainInput;
        one[i] = quantile(share(k));
        values[i * draws + k] = one[i];
      }
      repriced(caseAt(one), costs);
      for (const [i, p] of among.entries()) usd[p * draws + k] = costs[i] as number;
    }
  };
  const all = [...plans.keys()];
  const tried = Math.min(first, draws);
  price(all, 0, tried, [...inputs.keys()]);
  if (tried === draws) return { inputs, draws, values, usd, seen };
  const near = new Uint8Array(plans.length);
  for (let k = 0; k < tried; k++) {
    const countsAt = (p: number): number => (usd[p * draws + k] as number) + (extraUsd[p] as number);
    const least = all.reduce((most, p) => Math.min(most, countsAt(p)), Number.POSITIVE_INFINITY);
    for (const p of all) if (countsAt(p) <= least * upTo) near[p] = 1;
  }
  const survivors = all.filter((p) => p === 0 || near[p] === 1);
  for (const p of all) if (!survivors.includes(p)) seen[p] = tried;
  const needed = matters(survivors.map((p) => plans[p] as Plan));
  const which = inputs.flatMap(({ path, origin }, i) => (origin === 'user' || needed.has(path) ? [i] : []));
  price(survivors, tried, draws, which);
  return { inputs, draws, values, usd, seen };
}

/** Costs of one plan in the draws in which it was priced. */
export const costsOfPlan = ({ usd, draws, seen }: Pick<Sample, 'usd' | 'draws' | 'seen'>, p: number): Float64Array =>
  usd.subarray(p * draws, p * draws + (seen[p] ?? draws));

/** Values of one input in all draws. */
export const valuesOfInput = ({ values, draws }: Pick<Sample, 'values' | 'draws'>, i: number): Float64Array =>
  values.subarray(i * draws, (i + 1) * draws);

export type Percentiles = { p5: number; p50: number; p95: number };

/** Percentiles of finite values, interpolated; null: none. */
export function percentilesOf(numbers: Float64Array): Percentiles | null {
  const sorted = numbers.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    return low + ((sorted[Math.ceil(place)] as number) - low) * (place - below);
  };
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}
