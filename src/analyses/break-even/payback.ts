import { winnerOf } from '../../cost/winner.js';
import { planIn } from '../../decide/at-volume.js';
import type { BreakEven } from '../../decide/break-even-rows.js';
import type { Plan } from '../../decide/plan.js';
import { paymentsOf } from '../../decide/timeline.js';
import type { Case } from '../../places/placement.js';
import { usdWords } from '../../units/format.js';
import { monthAfter } from '../../units/month.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';

/** The same scenario looked at for longer. */
export function overMonths(read: ReadScenario, of: Case, asOf: string): Case {
  const horizonMonths = Math.max(of.demand.months, of.demand.assume('paybackMonths'));
  const workload = { ...read.scenario.workload, horizonMonths };
  return { tables: of.tables, demand: resolve({ ...read, scenario: { ...read.scenario, workload } }, of.tables, asOf) };
}

/** USD paid up to the end of every month, from month 0 = before the start; in the last, resale and what leaving costs too. */
export function cumulativeOf(plan: Plan, of: Case): number[] | null {
  const longer = planIn(plan, of);
  if (longer === null) return null;
  let sum = 0;
  return paymentsOf(longer, of).map((usd) => {
    sum += usd;
    return sum;
  });
}

/** Where the money paid so far crosses: the month from whose end on the dearer start has paid off. */
export function payback([a, b]: readonly [Plan, Plan], of: Case): BreakEven {
  const { months, firstMonth } = of.demand;
  const found = { a: a.id, b: b.id, axis: 'months', unit: 'months', upTo: months, alternates: [] };
  const [one, other] = [cumulativeOf(a, of), cumulativeOf(b, of)];
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
