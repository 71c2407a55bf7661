import { at } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import { certainlyAbove, isAtMost } from '../units/float.js';
import type { Assigner, Scope } from './assign.js';
import type { Assignment } from './assignment.js';
import { assignerOf, type OfferScope } from './offered.js';
import { assignmentOf, type Met } from './parts.js';
import { type Plan, taskLines } from './plan.js';
import { pricedAssignment } from './priced-assignment.js';
import { variantsOf } from './splits/cuts.js';

/** One way to cut the tasks up; `extraUsd` is paid on it wherever it runs (USD a month). */
export type Way = { context: Context; assigner: Assigner; extraUsd: number };

export const waysOf = (context: Context, scope: OfferScope = {}): Way[] =>
  variantsOf(context).map((way) => {
    let made: Assigner | null = null;
    return {
      context: way,
      get assigner() {
        made ??= assignerOf(way, scope);
        return made;
      },
      extraUsd: extraUsd(way),
    };
  });

/** What tasks cost a month wherever they run. */
const extraUsd = (context: Context): number =>
  taskLines([{ taskParts: context.workload.taskParts }], context).reduce(
    (usd, { curve }) => usd + at(curve, context.workload.requestsPerDay),
    0,
  );

/** An assignment under one way to cut the tasks up; its plan is priced when somebody asks. */
export type Picked = { assignment: Assignment; met: Met | null; way: Way; usd: number; plan(): Plan | null };

export const picked = (assignment: Assignment, met: Met | null, usd: number, way: Way): Picked => ({
  assignment,
  met,
  way,
  usd: usd + way.extraUsd,
  plan: () => pricedAssignment(assignment, way.context),
});

/** The cheapest plan of all ways within a scope; of equals the one of the fewest parts. */
export function cheapestOf(
  ways: readonly Way[],
  scopeOf: Scope | ((way: Way) => Scope | null),
  below = Number.POSITIVE_INFINITY,
): Picked | null {
  let best: Picked | null = null;
  for (const way of ways) {
    const scope = typeof scopeOf === 'function' ? scopeOf(way) : scopeOf;
    if (scope === null) continue;
    const most = Math.min(below, (best?.usd ?? Number.POSITIVE_INFINITY) * certainlyAbove) - way.extraUsd;
    const met = way.assigner.cheapest({ ...scope, below: most });
    if (met === null) continue;
    const one = picked(assignmentOf(met), met, met.usd, way);
    if (best === null || isCheaper(one, best)) best = one;
  }
  return best;
}

/** One that places all parts of a task alike is the task as a whole: its bill may differ in the last digits of a sum. */
export const isCheaper = (a: Picked, b: Picked): boolean =>
  !isAtMost(b.usd, a.usd) ||
  (isAtMost(a.usd, b.usd) && a.way.context.workload.taskParts.length < b.way.context.workload.taskParts.length);

/** The cheapest plan alone, without its equals; on all kinds of place, or within a scope. */
export function cheapestPlan(context: Context, scope: OfferScope = {}): Plan | null {
  const { ways = () => true, below = Number.POSITIVE_INFINITY } = scope;
  return (
    cheapestOf(
      waysOf(context, scope).filter((way) => ways(way.context.workload.taskParts)),
      {},
      below,
    )?.plan() ?? null
  );
}
