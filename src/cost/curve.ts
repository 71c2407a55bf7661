import {
  eachOnce,
  type Formula,
  given,
  predicted,
  product,
  quotient,
  sourcesOf,
  stated,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { Origin } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import { hoursPerDay } from '../units/month.js';
import { meanOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type FleetTerm, type FollowingFleet, type PeakFleet, unitHours, unitsAtPeak, withSpareOf } from './fleet.js';
import { requestsPerMonthOf } from './task-trace.js';

/** Monthly cost over volume (mean requests a day of month 1): a line plus terms. */
export type CostCurve = { fixed: number; perUnit: number; terms: Term[] };

export type Term =
  /** A fleet that follows the hours: `usd` per unit-hour, never below `min` units, plus spares. */
  | FollowingFleet
  /** A fleet sized for the highest hour: `usd` per unit-hour over `hours` of a month, `free` units unpaid. */
  | PeakFleet
  /** Anything else. */
  | { is: 'smooth'; usdAt(volume: number): number };

/** USD a month of one term at a volume. */
export function termAt(term: Term, volume: number): number {
  switch (term.is) {
    case 'replicas':
      return term.usd * unitHours(term, volume);
    case 'peak':
      return term.usd * term.hours * Math.max(0, withSpareOf(unitsAtPeak(term, volume), term) - (term.free ?? 0));
    case 'smooth':
      return term.usdAt(volume);
  }
}

/** Mean number of a fleet's machines at a site over an average month, spares included. */
export const machinesIn = (
  term: FleetTerm,
  volume: number,
  { hoursPerMonth }: Pick<Workload, 'hoursPerMonth'>,
): number =>
  term.is === 'replicas' ? unitHours(term, volume) / hoursPerMonth : withSpareOf(unitsAtPeak(term, volume), term);

/** USD a month at a volume. */
export function at(curve: CostCurve, volume: number): number {
  let usd = curve.fixed + curve.perUnit * volume;
  for (const term of curve.terms) usd += termAt(term, volume);
  return usd;
}

export const fixedCost = (usdPerMonth: number): CostCurve => ({ fixed: usdPerMonth, perUnit: 0, terms: [] });

/** The sum of curves is a curve. */
export function add(curves: readonly CostCurve[]): CostCurve {
  return {
    fixed: curves.reduce((sum, { fixed }) => sum + fixed, 0),
    perUnit: curves.reduce((sum, { perUnit }) => sum + perUnit, 0),
    terms: curves.flatMap(({ terms }) => terms),
  };
}

/** The curve times a factor >= 0. */
export function scale(curve: CostCurve, factor: number): CostCurve {
  const terms = curve.terms.map((term): Term => {
    if (term.is !== 'smooth') return { ...term, usd: term.usd * factor };
    return { is: 'smooth', usdAt: (volume) => factor * term.usdAt(volume) };
  });
  return { fixed: curve.fixed * factor, perUnit: curve.perUnit * factor, terms };
}

/** A curve over a task part's own requests a day, made one over the volume axis; constant for a volume of its own. */
export function onVolumeAxis(curve: CostCurve, taskPart: TaskPart, workload: Workload): CostCurve {
  if (!taskPart.scales) return fixedCost(at(curve, taskPart.requestsPerDay));
  const part = taskPart.requestsPerDay / workload.requestsPerDay;
  const terms = curve.terms.map((term): Term => {
    if (term.is !== 'smooth') throw new TypeError('a fleet is built on the volume axis from the start');
    return { is: 'smooth', usdAt: (volume) => term.usdAt(part * volume) };
  });
  return { fixed: curve.fixed, perUnit: curve.perUnit * part, terms };
}

const rememberedMean = perObject(meanOf);

/** Mean volume of the months over that of month 1. */
export const meanGrowthOf = ({ growth }: Pick<Workload, 'growth'>): number => rememberedMean(growth);

/** Mean multiple of a task part's volume over the horizon: 1 without growth. */
export const meanMultipleOf = ({ hours }: Pick<TaskPart, 'hours'>, { growth }: Pick<Workload, 'growth'>): number =>
  rememberedMean(hours) * rememberedMean(growth);

/** Requests in an average month of the horizon per request a day of month 1. */
export const requestsPerMonthPerDaily = (
  taskPart: Pick<TaskPart, 'hours'>,
  workload: Pick<Workload, 'growth' | 'hoursPerMonth'>,
): number => (meanMultipleOf(taskPart, workload) * workload.hoursPerMonth) / hoursPerDay;

/** What the size of a fleet is made of at a volume. */
export type FleetSize = { units(volume: number): Traced; hours(volume: number): Traced };

/** One line of a bill. The curve includes one-time costs, spread over the horizon; `upfront`: how much they are. */
export type CostLine = {
  part: string;
  label: string;
  curve: CostCurve;
  upfront: number;
  working: Formula;
  /** The rows it rests on, each once; computed on demand. */
  sources(): Origin[];
  /** Non-standard prices that apply to some of it: `batch price`, `flex price`. */
  tariffs?: readonly string[];
  /** Paid, or counted, once and not month by month: a month's bill is without it. */
  once?: true;
  /** Its one-off is paid when the horizon ends, not before the start. */
  atEnd?: true;
  /** Months after which the same one-time cost is paid again, for a replacement. */
  again?: readonly number[];
  /** The table has no rate for this provider, so another's stands in. */
  rateAssumed?: true;
  /** The derivation of the line at a volume of the axis; see `traceOf`. */
  trace?(volume: number): Traced;
  /** The same of what is paid up front. */
  traceUpfront?(): Traced;
  /** For workers with scale to zero: the mean number that the line pays, at a volume. */
  workers?(volume: number): number;
  /** For a fleet: units at the busiest hour, spares included, and unit-hours of an average month. */
  fleet?: FleetSize & {
    /** The derivation of the line and of its up-front payment for another size of fleet. */
    sizedAs(size: FleetSize): Required<Pick<CostLine, 'trace' | 'traceUpfront'>>;
  };
};

/** The derivation of a line, with its formula; else a leaf with its rows. */
export function traceOf(line: CostLine, volume: number): Traced {
  const { label, curve, working } = line;
  const traced = line.trace?.(volume);
  return traced === undefined
    ? predicted(label, at(curve, volume), working.unit, working.text, [], ...line.sources())
    : { ...traced, label, formula: traced.formula ?? working.text };
}

/** What its money up front is made of. */
export const traceOfUpfront = (line: CostLine): Traced =>
  line.traceUpfront?.() ?? given(line.label, line.upfront, 'USD', ...line.sources());

/** No price can be given, and why. Never 0. */
export type Unpriced = { unpriced: string };
export const isUnpriced = (value: object): value is Unpriced => 'unpriced' in value;

/** A line of a bill; `from`: the figures whose rows it rests on. */
export const costLine = (working: Formula, curve: CostCurve, from: () => readonly Traced[]): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: () => eachOnce(from().flatMap(sourcesOf)),
});

/** A cost that is the same at every volume. */
export const fixedLine = (working: Formula, traced: Traced): CostLine => ({
  ...costLine(working, fixedCost(traced.value), () => [traced]),
  trace: () => traced,
});

/** What is paid once, spread over the months of the horizon. */
export function onceLine(working: Formula, once: Traced, { months }: Pick<Workload, 'months'>): CostLine {
  const horizon = stated('months of the horizon', months, 'months', 'workload.horizon');
  const spread = quotient(working.label, 'USD/month', once, horizon);
  return { ...fixedLine(working, spread), upfront: once.value, once: true, traceUpfront: () => once };
}

/** What a request of a task part costs. */
export type PerRequest = { taskPart: TaskPart; usd: number; amount: () => Traced };

/** What is paid per request, task parts added up. */
export const requestsLine = (working: Formula, parts: readonly PerRequest[], workload: Workload): CostLine => ({
  ...costLine(working, add(parts.map((part) => requestsCurve(part, workload))), () =>
    parts.map(({ amount }) => amount()),
  ),
  trace: (volume) =>
    sumOf(
      working.label,
      working.unit,
      parts.map(({ taskPart, amount }) =>
        product(
          `${working.label} of ${taskPart.task}`,
          working.unit,
          requestsPerMonthOf(taskPart, volume, workload),
          amount(),
        ),
      ),
    ),
});

const requestsCurve = ({ taskPart, usd }: PerRequest, workload: Workload): CostCurve =>
  onVolumeAxis(
    { fixed: 0, perUnit: usd * requestsPerMonthPerDaily(taskPart, workload), terms: [] },
    taskPart,
    workload,
  );
