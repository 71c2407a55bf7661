import { at, type CostCurve } from '../../cost/curve.js';
import { caseAt, cutsOf, planIn, recuts } from '../../decide/choice.js';
import type { BreakEven } from '../../decide/decision.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import { paymentsOf } from '../../decide/timeline.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import type { ApiRow } from '../../tables/columns.js';
import { memoized } from '../../units/memo.js';
import { monthAfter } from '../../units/month.js';
import { countWords, figureWords, ties, turnBetween, usdWords, type Winner, winnerOf } from '../../units/numeric.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';

const points = 129;

/** The break-even price of API tokens, as a factor on today's. */
export function apiPriceBreakEven(pair: readonly [Plan, Plan], context: Context): BreakEven {
  const range = { from: 0, to: context.workload.assume('breakEvenPriceTimes') };
  const step = 0.001;
  const steps = Math.round(range.to / step);
  const looked = Array.from({ length: points }, (_, i) => Math.round((i * steps) / (points - 1)) * step);
  const axis: Axis = {
    ...{ id: 'apiPrice', unit: 'x today’s price', range, step, looked },
    where: (factor) => `at ${figureWords(factor)} x today’s price`,
  };
  if (!pair.some(usesApi)) {
    const [a, b] = pair.map(({ id }) => id) as [string, string];
    return { a, b, axis: axis.id, unit: axis.unit, upTo: range.to, crossings: [], never: 'neither pays for tokens' };
  }
  return crossingsAlong(pair, axis, (factor) => {
    const [a, b] = pair.map((plan) => planIn(priceTimes(plan, factor), context)) as [Plan | null, Plan | null];
    return a && b && { a: a.monthlyUsd, b: b.monthlyUsd };
  });
}

const usesApi = ({ deployments }: Plan): boolean => deployments.flatMap(optionsOf).some(({ api }) => api !== null);

/** The plan with every token at a factor of its price. */
const priceTimes = (plan: Plan, factor: number): Plan => ({
  ...plan,
  deployments: plan.deployments.map((deployment) => ({
    ...deployment,
    option: optionTimes(deployment.option, factor),
    ...(deployment.second && {
      second: { ...deployment.second, option: optionTimes(deployment.second.option, factor) },
    }),
  })),
});

const optionTimes = (option: Option, factor: number): Option =>
  option.api === null ? option : { ...option, api: rowTimes(option.api, factor) };

/** All prices of a row per token, those that follow others too. */
const rowTimes = (row: ApiRow, factor: number): ApiRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith('UsdPerMTok') && typeof value === 'number' ? value * factor : value,
    ]),
  ) as ApiRow;

/** The same scenario looked at for longer. */
export function overMonths(read: ReadScenario, context: Context): Context {
  const horizonMonths = Math.max(context.workload.months, context.workload.assume('paybackMonths'));
  const workload = { ...read.scenario.workload, horizonMonths };
  return {
    tables: context.tables,
    workload: resolve({ ...read, scenario: { ...read.scenario, workload } }, context.tables, context.workload.asOf),
  };
}

/** Cumulative USD by the end of every month, month 0 = before the start; the last with resale and exit costs. */
export function cumulativeOf(plan: Plan, context: Context): number[] | null {
  const longer = planIn(plan, context);
  if (longer === null) return null;
  let sum = 0;
  return paymentsOf(longer, context).map((usd) => {
    sum += usd;
    return sum;
  });
}

/** The month at whose end cumulative payments cross: the dearer start has then paid off. */
export function payback([a, b]: readonly [Plan, Plan], context: Context): BreakEven {
  const { months, firstMonth } = context.workload;
  const found = { a: a.id, b: b.id, axis: 'months', unit: 'months', upTo: months };
  const [one, other] = [cumulativeOf(a, context), cumulativeOf(b, context)];
  if (one === null || other === null) return { ...found, crossings: [], never: 'one of the two has no price' };
  const winners = one.map((usd, month) => winnerOf(usd, other[month] as number));
  const crossings = winners.flatMap((winner, month) => {
    const before = winners[month - 1];
    return before === undefined || before === winner ? [] : [{ at: month, cheaperBelow: before, cheaperAbove: winner }];
  });
  if (crossings.length > 0) return { ...found, crossings, never: null };
  const cheaper = winners[0] ?? 'a';
  const total = (sums: readonly number[]) => usdWords(sums.at(-1) ?? 0);
  const [less, more] = cheaper === 'a' ? [one, other] : [other, one];
  const never = `${cheaper} has paid less at the end of every month: ${total(less)} against ${total(more)} by ${monthAfter(firstMonth, months - 1)}`;
  return { ...found, crossings, never };
}

/** Cost of two plans, USD a month. */
export type Costs = { a: number; b: number };

/** A quantity along which two plans are compared; `range` and `step` are in `unit`. */
export type Axis = {
  id: string;
  unit: string;
  range: { from: number; to: number };
  step: number;
  /** Values that are looked at, ascending, both ends among them. */
  looked: readonly number[];
  /** `at 5,000 a day`. */
  where(value: number): string;
};

/**
 * Values of an axis at which two plans cost the same: compared at given ones, bisected where the cheaper one changes.
 * Two crossings between neighboring values are missed.
 *
 * @param costAt null: one of the two has no price there
 */
export function crossingsAlong(
  [a, b]: readonly [Plan, Plan],
  axis: Axis,
  costAt: (value: number) => Costs | null,
): BreakEven {
  const { id, unit, range, step, looked } = axis;
  const valueAt = (at: number): number => Number((range.from + at * step).toPrecision(12));
  const costs = looked.map(costAt);
  const winners = costs.map((both) => both && winnerOf(both.a, both.b));
  const crossings: BreakEven['crossings'] = [];
  for (let i = 1; i < looked.length; i++) {
    const [below, above] = [winners[i - 1], winners[i]];
    if (below == null || above == null || below === above) continue;
    const [from, to] = [i - 1, i].map((k) => Math.round(((looked[k] as number) - range.from) / step)) as [
      number,
      number,
    ];
    const { first } = turnBetween(from, to, (middle) => {
      const both = costAt(valueAt(middle));
      return both !== null && winnerOf(both.a, both.b) !== below;
    });
    crossings.push({ at: valueAt(first), cheaperBelow: below, cheaperAbove: above });
  }
  const never = crossings.length > 0 ? null : neverWords(costs, winners, axis);
  return { a: a.id, b: b.id, axis: id, unit, upTo: range.to, crossings, never };
}

/** Why two plans never cross, in figures at both ends. */
function neverWords(costs: readonly (Costs | null)[], winners: readonly (Winner | null)[], axis: Axis): string {
  const cheaper = winners.find((winner) => winner !== null);
  if (cheaper == null) return 'one of the two has no price anywhere';
  const known = costs.filter((both) => both !== null);
  if (known.every((both) => ties(both.a, both.b))) return 'they cost the same everywhere';
  const isStrict = known.every((both) => !ties(both.a, both.b));
  const words = (both: Costs | null | undefined, value: number): string => {
    if (both == null) return `no price ${axis.where(value)}`;
    const other = both[cheaper === 'a' ? 'b' : 'a'];
    return `${usdWords(both[cheaper])} against ${usdWords(other)} ${axis.where(value)}`;
  };
  const { from, to } = axis.range;
  const how = isStrict ? 'costs less everywhere' : 'is never dearer';
  return `${cheaper} ${how}, ${words(costs[0], from)} and ${words(costs.at(-1), to)}`;
}

/** Whole volumes, as evenly spread over the logarithm as they can be, ends included. */
export const spread = ({ from, to }: { from: number; to: number }, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(from * (to / from) ** (i / Math.max(1, count - 1))));

/** The volume axis, requests a day. */
const volumeAxis = (range: { from: number; to: number }, { workload }: Context): Axis => ({
  ...{ id: 'requestsPerDay', unit: 'requests/day', range, step: 1 },
  looked: [...new Set(spread(range, workload.assume('breakEvenVolumes')))],
  where: (volume) => `at ${countWords(volume)} a day`,
});

/** The break-even volumes of each pair, exact to one request a day. */
export function volumeBreakEvens(
  pairs: readonly (readonly [Plan, Plan])[],
  range: { from: number; to: number },
  context: Context,
): BreakEven[] {
  const axis = volumeAxis(range, context);
  // Every pair looks at the same volumes.
  const costs = new Map([...new Set(pairs.flat())].map((plan) => [plan, memoized(costsOf(plan, range, context))]));
  return pairs.map(([a, b]) => {
    const [one, other] = [costs.get(a), costs.get(b)] as [CostsAt, CostsAt];
    return crossingsAlong([a, b], axis, (volume) => ({ a: one(volume), b: other(volume) }));
  });
}

/** Mean monthly USD at a volume of the axis. */
type CostsAt = (volume: number) => number;

/** The curve of a plan on a range of whole volumes, both included, with one split of its machines. */
type Piece = { to: number; curve: CostCurve };

/**
 * The cost of a plan over a range. The best split of machines follows the mix of tasks; where some tasks do not follow
 * the volume it changes from what suits those to what suits the others, once per split.
 */
export function costsOf(plan: Plan, { from, to }: { from: number; to: number }, context: Context): CostsAt {
  if (!recuts(plan, context)) return (volume) => at(plan.curve, volume);
  // On the axis of the case itself, so that every curve is of one workload.
  const cutAt = (volume: number): Plan => planIn(plan, context, caseAt(context, volume)) ?? plan;
  const pieces: Piece[] = [];
  for (let start = from; start <= to; ) {
    const cut = cutAt(start);
    const cuts = cutsOf(cut);
    const isOther = (volume: number): boolean => cutsOf(cutAt(volume)) !== cuts;
    const last = isOther(to) ? turnBetween(start, to, isOther).last : to;
    pieces.push({ to: last, curve: cut.curve });
    start = last + 1;
  }
  return (volume) => at((pieces.find(({ to: last }) => volume <= last) ?? (pieces.at(-1) as Piece)).curve, volume);
}

/** Every two of some plans. */
export const pairsOf = (plans: readonly Plan[]): [Plan, Plan][] =>
  plans.flatMap((a, i) => plans.slice(i + 1).map((b): [Plan, Plan] => [a, b]));
