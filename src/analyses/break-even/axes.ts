import { planIn } from '../../decide/at-volume.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { paymentsOf } from '../../decide/timeline.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import type { ApiRow } from '../../tables/rows.js';
import { winnerOf } from '../../units/float.js';
import { figureWords, usdWords } from '../../units/format.js';
import { monthAfter } from '../../units/month.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { type Axis, crossingsAlong } from './crossings.js';

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

/** The same scenario looked at for longer. */
export function overMonths(read: ReadScenario, context: Context, asOf: string): Context {
  const horizonMonths = Math.max(context.workload.months, context.workload.assume('paybackMonths'));
  const workload = { ...read.scenario.workload, horizonMonths };
  return {
    tables: context.tables,
    workload: resolve({ ...read, scenario: { ...read.scenario, workload } }, context.tables, asOf),
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
