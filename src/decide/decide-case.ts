import { isUnpriced } from '../cost/curve.js';
import type { Context } from '../places/placement.js';
import type { Placed } from '../several/decide.js';
import type { TakesPart } from '../several/taken.js';
import { advisedOfOneTask, isOneTask } from './core-choice.js';
import { type Plan, planOf } from './plan.js';
import { type SeveralCase, searchByAdjustedCost, searchByCost, severalCase, type WayPlan } from './several-case.js';
import type { AdvisedPlan } from './task-advice.js';
import type { TaskPlan } from './task-plans.js';

/** A plan by its places, before its lines: USD a month, under one way to cut the tasks up. */
export type CasePlan = { places: readonly Placed[]; usd: number; context: Context };

export const planOfWay = ({ places, usd, way }: WayPlan): CasePlan => ({ places, usd, context: way.context });

export const planOfTask = ({ option, second, usd }: TaskPlan | AdvisedPlan, context: Context): CasePlan => ({
  places: [{ option, taskParts: context.workload.taskParts, ...(second && { second }) }],
  usd,
  context,
});

/** The plan with its lines. */
export function tracedCase({ places, context }: CasePlan): Plan {
  const plan = planOf(places, context);
  if (isUnpriced(plan)) throw new Error(`a plan has no price: ${plan.unpriced}`);
  return plan;
}

/** What is advised of several tasks, and the cheapest plan, by what the case asks to be minimized; null: nothing fits. */
export function advisedOfSeveral(
  several: SeveralCase,
  baseUsd: number | null = null,
): { advised: WayPlan | null; cheapest: WayPlan | null } {
  const cheapest = searchByCost(several).best();
  if (cheapest === null || several.context.workload.rules.objective === 'cost') return { advised: cheapest, cheapest };
  return { advised: searchByAdjustedCost(several, { baseUsd: baseUsd ?? cheapest.usd }).best(), cheapest };
}

/**
 * The plan that a case is advised, by what it asks to be minimized; null: nothing fits, or nothing below a limit.
 *
 * @param baseUsd C0 of the adjusted cost; left out, or null: that of the case
 */
export function advisedIn(context: Context, baseUsd: number | null = null): Plan | null {
  if (isOneTask(context)) return advisedOfOneTask(context, baseUsd);
  const { advised } = advisedOfSeveral(severalCase(context), baseUsd);
  return advised && tracedCase(planOfWay(advised));
}

/** The cheapest plan, of some places alone; null: nothing fits. */
export function cheapestIn(context: Context, takes?: TakesPart): Plan | null {
  const found = searchByCost(severalCase(context)).best(takes === undefined ? {} : { takes });
  return found && tracedCase(planOfWay(found));
}
