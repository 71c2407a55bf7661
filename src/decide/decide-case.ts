import type { Context } from '../places/placement.js';
import { tracedCase } from './case-plan.js';
import { advisedOfOneTask, isOneTask } from './core-choice.js';
import type { Plan } from './plan.js';
import { type SeveralCase, searchByAdjustedCost, searchByCost, severalCase, type WayPlan } from './several-case.js';

/** The advised and the cheapest plan of several tasks, by what the case minimizes; null: nothing fits. */
export function advisedOfSeveral(
  several: SeveralCase,
  baseUsd: number | null = null,
): { advised: WayPlan | null; cheapest: WayPlan | null } {
  const cheapest = searchByCost(several).best();
  if (cheapest === null || several.context.workload.rules.objective === 'cost') return { advised: cheapest, cheapest };
  return { advised: searchByAdjustedCost(several, { baseUsd: baseUsd ?? cheapest.usd }).best(), cheapest };
}

/**
 * The advised plan of a case, by what it minimizes; null: nothing fits, or nothing below a limit.
 *
 * @param baseUsd C0 of the adjusted cost; left out, or null: that of the case
 */
export function advisedIn(context: Context, baseUsd: number | null = null): Plan | null {
  if (isOneTask(context)) return advisedOfOneTask(context, baseUsd);
  const { advised } = advisedOfSeveral(severalCase(context), baseUsd);
  return advised && tracedCase(advised);
}
