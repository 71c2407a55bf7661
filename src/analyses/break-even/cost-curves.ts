import { findPlan } from '../../decide/find-plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import type { Kind } from '../../tables/rows.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { volumeRange } from './answer.js';
import { costsOf } from './crossings.js';

/** Mean monthly USD of a plan by requests a day, as points for linear interpolation. */
export type CostCurve = { plan: string; kinds: Kind[]; points: { volume: number; monthlyCost: number }[] };

/** First points, evenly spaced in the logarithm; most halvings of an interval. */
const [starts, halvings] = [33, 8];
/** How far a line may be off the curve, as a fraction of the cost. */
const tolerance = 0.01;

/** Cost curves by plan id over all volumes of a break-even; unknown plans have none. */
export function costCurves(
  read: ReadScenario,
  list: Tables,
  { plans, asOf, prose }: { plans: readonly string[]; asOf: string; prose: Prose },
): CostCurve[] {
  const { tables } = withScenarioPrices(read, list, prose);
  const context: Context = { workload: resolve(read, tables, asOf), tables };
  if (context.workload.requestsPerDay === 0) return [];
  const range = volumeRange(context.workload);
  return [...new Set(plans)].flatMap((id) => {
    const plan = findPlan(id, context);
    if (typeof plan === 'string') return [];
    const points = pointsOf(costsOf(plan, range, context), range);
    return [{ plan: id, kinds: kindsOf(plan, context.workload), points }];
  });
}

/** Few points where a line is straight, and enough around each step. */
function pointsOf(costAt: (volume: number) => number, { from, to }: { from: number; to: number }): CostCurve['points'] {
  const pointAt = (volume: number) => ({ volume, monthlyCost: costAt(volume) });
  type Point = ReturnType<typeof pointAt>;
  const between = (a: Point, b: Point, left: number): Point[] => {
    const middle = pointAt((a.volume + b.volume) / 2);
    const straight = (a.monthlyCost + b.monthlyCost) / 2;
    const isOff = Math.abs(middle.monthlyCost - straight) > tolerance * middle.monthlyCost;
    return left === 0 || !isOff ? [] : [...between(a, middle, left - 1), middle, ...between(middle, b, left - 1)];
  };
  const grid = Array.from({ length: starts }, (_, i) => pointAt(from * (to / from) ** (i / (starts - 1))));
  return grid
    .flatMap((point, i) => {
      const next = grid[i + 1];
      return next === undefined ? [point] : [point, ...between(point, next, halvings)];
    })
    .map(({ volume, monthlyCost }) => ({ volume: rounded(volume), monthlyCost: rounded(monthlyCost) }));
}
