import { winnerOf } from '../../cost/winner.js';
import { planIn } from '../../decide/at-volume.js';
import type { BreakEven } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { paymentsOf } from '../../decide/timeline.js';
import type { Context } from '../../places/placement.js';
import { usdWords } from '../../units/format.js';
import { monthAfter } from '../../units/month.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';

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
