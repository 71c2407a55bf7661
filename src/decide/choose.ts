import { numberOf } from '../core/kinds.js';
import type { Context, Placement } from '../places/placement.js';
import type { Choice } from './choice.js';
import { choiceByAdjustedCost, choiceByCore, isOneTask } from './core-choice.js';
import { cheapestIn } from './decide-case.js';
import type { Deployment, Plan } from './plan.js';
import { choiceOfSeveral } from './several-choice.js';

/** The plan to advise, by what the case asks to be minimized, the best of other types, and the best of every type alone. */
export function choose(context: Context): Choice {
  if (!isOneTask(context)) return choiceOfSeveral(context);
  return context.workload.rules.objective === 'cost' ? choiceByCore(context) : choiceByAdjustedCost(context);
}

/** The cheapest plan on one of some deployment types alone whose deployments all pass `takes`. */
export function bestOnOwn(
  context: Context,
  among: readonly Placement[],
  takes: (one: Deployment) => boolean,
): Plan | null {
  return among
    .flatMap(({ kind }) => {
      const k = numberOf(kind);
      const plan = cheapestIn(context, (_, first, second) => first === k && (second === -1 || second === k));
      return plan?.deployments.every(takes) ? [plan] : [];
    })
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);
}
