import { advisedPlan, nearUsd, unsureRequests } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import { advisedOfOneTask, isOfCore } from '../../decide/core-choice.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { certainlyAbove } from '../../units/float.js';
import { advisedOf } from '../flips/search.js';
import { mayStand } from '../levers/lever.js';

/** Plans that draws are priced on, by id, and what became of the draws that were decided for them. */
export type Pool = { plans: Plan[]; pilots: number };

/**
 * The plans met, and those that whole decisions on the first draws advise: what a range brings to the front that the likely
 * values do not. A pilot looks at models anew, as an error of one model's capacity leaves others where they are.
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
    const plan = decidedIn(caseOf(draw), [...pool.values()], baseUsd);
    if (plan !== null && !pool.has(plan.id)) {
      pool.set(plan.id, plan);
      winners.set(plan.id, plan);
    }
    progress();
  }
  const kept = [...met.slice(0, Math.max(1, most - winners.size)), ...winners.values()];
  return { plans: kept.slice(0, most), pilots };
}

/** A whole decision: of several tasks what is met bounds what a better plan may cost. */
export function decidedIn(context: Context, pool: readonly Plan[], baseUsd: number | null): Plan | null {
  if (isOfCore(context)) return advisedOfOneTask(context, baseUsd);
  const met = advisedOf(pool, context);
  const below = met === null ? undefined : nearUsd(met.monthlyUsd, context.workload) * certainlyAbove;
  return advisedPlan(context, below) ?? met ?? null;
}

/** Every plan of the decision that no rule turns down, the advised one first. */
export function plansMet(advised: Plan, choice: Choice, most: number, context: Context): Plan[] {
  const alone = choice.kinds.flatMap(({ plan, feasible }) => (feasible ? [plan] : []));
  const met = new Map<string, Plan>();
  const passed = choice.advice.moves.map(({ from }) => from);
  const beside = [choice.cheapest, ...passed, choice.runnerUp, choice.otherMain, ...alone, ...choice.ofKinds(most)];
  for (const plan of [advised, ...beside]) if (plan !== null && !met.has(plan.id)) met.set(plan.id, plan);
  // What leaves more requests on models that are not sure enough was put aside before costs were compared.
  const unsure = unsureRequests(advised, context);
  return [...met.values()]
    .filter((plan) => plan === advised || (unsureRequests(plan, context) <= unsure && mayStand(plan, context)))
    .slice(0, most);
}
