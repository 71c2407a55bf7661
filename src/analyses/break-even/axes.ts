import { winnerOf } from '../../cost/winner.js';
import { planIn } from '../../decide/at-volume.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { paymentsOf } from '../../decide/timeline.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import type { ApiRow } from '../../tables/rows.js';
import { usdWords } from '../../units/format.js';
import { monthAfter } from '../../units/month.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';

/** What the two plans cost at a value of an axis; null where one of them has no price there. */
export type Costs = { a: number; b: number } | null;

/** An axis other than the volume: where it is looked at, in what steps, and what two plans cost along it. */
export type Axis = {
  id: string;
  unit: string;
  range: { from: number; to: number };
  /** Crossings are told to one such step. */
  step: number;
  /** Null: this pair does not depend on the axis, and why. */
  costs(a: Plan, b: Plan): ((value: number) => Costs) | string;
};

export type AxisQuestion = { read: ReadScenario; asOf: string; context: Context };

/** The price of what API tokens cost, as a factor on today's: how far must it fall, or may it rise? */
function apiPrice({ context }: AxisQuestion): Axis {
  return {
    id: 'apiPrice',
    unit: 'x today’s price',
    range: { from: 0, to: context.workload.assume('breakEvenPriceTimes') },
    step: 0.001,
    costs(a, b) {
      if (![a, b].some(usesApi)) return 'neither pays for tokens';
      return (factor) => both(priceTimes(a, factor), priceTimes(b, factor), context);
    },
  };
}

const usesApi = ({ deployments }: Plan): boolean =>
  deployments.some(({ option, second }) => option.api !== null || second?.option.api != null);

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

function both(a: Plan, b: Plan, context: Context): Costs {
  const [one, other] = [planIn(a, context), planIn(b, context)];
  return one === null || other === null ? null : { a: one.monthlyUsd, b: other.monthlyUsd };
}

/** Axes that are searched by steps; the volume and the months have ways of their own. */
export const steppedAxes: Readonly<Record<string, (question: AxisQuestion) => Axis>> = {
  apiPrice,
};

/** The same scenario looked at for longer. */
export function overMonths(read: ReadScenario, context: Context, asOf: string): Context {
  const horizonMonths = Math.max(context.workload.months, context.workload.assume('paybackMonths'));
  const workload = { ...read.scenario.workload, horizonMonths };
  return {
    tables: context.tables,
    workload: resolve({ ...read, scenario: { ...read.scenario, workload } }, context.tables, asOf),
  };
}

/** USD paid up to the end of every month, from month 0 = before the start; in the last, resale and what leaving costs too. */
export function cumulativeOf(plan: Plan, context: Context): number[] | null {
  const longer = planIn(plan, context);
  if (longer === null) return null;
  let sum = 0;
  return paymentsOf(longer, context).map((usd) => {
    sum += usd;
    return sum;
  });
}

/** Where the money paid so far crosses: the month from whose end on the dearer start has paid off. */
export function payback([a, b]: readonly [Plan, Plan], context: Context): BreakEven {
  const { months, firstMonth } = context.workload;
  const found = { a: a.id, b: b.id, axis: 'months', unit: 'months', upTo: months, alternates: [] };
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
