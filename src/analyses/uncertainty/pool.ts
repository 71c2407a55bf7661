import { isUnpriced } from '../../cost/curve.js';
import { leastAdjustedAmong } from '../../decide/adjusted-plan.js';
import { unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import { advisedIn } from '../../decide/decide-case.js';
import { mayStand } from '../../decide/option-report.js';
import { type Plan, planOf } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { partsUnder } from './costs.js';

/** Plans priced on the simulations, by id, and the number of pilot decisions. */
export type Pool = { plans: Plan[]; pilots: number };

/**
 * The plans met, and the advice of whole decisions on the first simulations, which ranges may add. A pilot evaluates
 * models anew, as an error of one model's capacity does not affect others.
 *
 * @param met in the order of their importance; at most `most` plans are kept
 * @param baseUsd C0 of the adjusted cost; null: rules of choice decide
 */
export function poolOf(
  met: readonly Plan[],
  pilots: number,
  most: number,
  caseOf: (draw: number) => Context,
  baseUsd: number | null,
  progress: () => void,
): Pool {
  const pool = new Map(met.map((plan) => [plan.id, plan]));
  const winners = new Map<string, Plan>();
  for (let draw = 0; draw < pilots; draw++) {
    const plan = advisedIn(caseOf(draw), baseUsd);
    if (plan !== null && !pool.has(plan.id)) {
      pool.set(plan.id, plan);
      winners.set(plan.id, plan);
    }
    progress();
  }
  const kept = [...met.slice(0, Math.max(1, most - winners.size)), ...winners.values()];
  return { plans: kept.slice(0, most), pilots };
}

/** Every plan of the decision within all rules, the advised one first. */
export function plansMet(advised: Plan, choice: Choice, most: number, context: Context): Plan[] {
  const alone = choice.kinds.flatMap(({ plan, feasible }) => (feasible ? [plan] : []));
  const met = new Map<string, Plan>();
  const passed = choice.advice.moves.map(({ from }) => from);
  const beside = [choice.cheapest, ...passed, choice.runnerUp, choice.otherMain, ...alone, ...choice.ofKinds(most)];
  for (const plan of [advised, ...beside]) if (plan !== null && !met.has(plan.id)) met.set(plan.id, plan);
  // Plans with more requests on unsure models were excluded before costs were compared.
  const unsure = unsureRequests(advised, context);
  return [...met.values()]
    .filter((plan) => plan === advised || (unsureRequests(plan, context) <= unsure && mayStand(plan, context)))
    .slice(0, most);
}

/** What would be advised if there were no other plans than these. */
export function advisedAmong(plans: readonly Plan[], context: Context, baseUsd: number | null): Plan | null {
  const there = plans.flatMap((plan) => {
    const parts = partsUnder(plan, context);
    const again = parts && planOf(parts, context);
    return again !== null && !isUnpriced(again) && mayStand(again, context) ? [again] : [];
  });
  if (context.workload.rules.objective !== 'cost') return leastAdjustedAmong(there, context, baseUsd ?? undefined);
  return there.reduce<Plan | null>((best, one) => (best && best.monthlyUsd <= one.monthlyUsd ? best : one), null);
}
