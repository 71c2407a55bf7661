import { placeWords, planKey } from '../../decide/plan.js';
import { rounded, roundedOrNull } from '../../decide/round.js';
import { askedRow } from '../../decide/shortlist.js';
import type { Context } from '../../places/placement.js';
import { percentChange } from '../../units/amount.js';
import type { PlanCost } from './comparison.js';
import type { Decided } from './decided.js';

/** A decision, and its case where it can be computed again. */
export type Asked = { decision: Decided; context: Context | null };

type OnSide = PlanCost['before'];

/** Costs on both sides of the advised plans, the best of each type and requested ids; advised first. */
export function planCosts(before: Asked, after: Asked): PlanCost[] {
  const roles = [rolesOf(before.decision), rolesOf(after.decision)] as const;
  // A plan in both is called as it is in the later one.
  const ids = new Map([...roles[0], ...roles[1]].map(([key, { plan }]) => [key, plan]));
  const costs = [...ids.values()].map((plan): PlanCost => {
    const [old, now] = [onSide(plan, before, roles[0]), onSide(plan, after, roles[1])];
    const both = old.monthlyCost !== null && now.monthlyCost !== null;
    return {
      plan,
      label: labelOf(plan, after) ?? labelOf(plan, before) ?? plan,
      before: old,
      after: now,
      change: both ? rounded((now.monthlyCost as number) - (old.monthlyCost as number)) : null,
      percent: both ? roundedOrNull(percentChange(old.monthlyCost as number, now.monthlyCost as number)) : null,
    };
  });
  const rank = ({ before: old, after: now }: PlanCost): number =>
    Number(old.as === advised) + Number(now.as === advised);
  return costs.sort((a, b) => rank(b) - rank(a));
}

const advised = 'advised';

type Roles = ReadonlyMap<string, { plan: string; as: string | null }>;

/** Plans of a decision by key, with their roles; none for those only requested. */
function rolesOf({ recommendation, scorecard, asked }: Decided): Roles {
  const own = asked.map(({ id }) => ({ plan: id, as: null }));
  const best = scorecard.flatMap(({ kind, option }) => (option === null ? [] : [{ plan: option, as: kind }]));
  const { plan } = recommendation;
  // The plan advised may be the best of its kind too.
  const all = [...own, ...best, ...(plan === null ? [] : [{ plan, as: advised }])];
  return new Map(all.map((role) => [planKey(role.plan), role]));
}

function onSide(plan: string, { decision, context }: Asked, roles: Roles): OnSide {
  const key = planKey(plan);
  const as = roles.get(key)?.as ?? null;
  const { recommendation, scorecard, options, asked } = decision;
  const isIt = (id: string | null): boolean => id !== null && planKey(id) === key;
  if (isIt(recommendation.plan)) return { monthlyCost: recommendation.monthlyCost, feasible: true, as };
  const known =
    scorecard.find(({ option }) => isIt(option)) ??
    [...options, ...asked].find(({ id }) => isIt(id)) ??
    (context === null ? undefined : askedRow(plan, null, context));
  return { monthlyCost: known?.monthlyCost ?? null, feasible: known?.feasible ?? false, as };
}

function labelOf(plan: string, { decision, context }: Asked): string | null {
  const { recommendation, pareto, options } = decision;
  if (recommendation.plan === plan) return recommendation.label;
  const listed = pareto.find((one) => one.plan === plan)?.label;
  if (listed !== undefined) return listed;
  const option = options.find(({ id }) => id === plan);
  if (option !== undefined && context === null)
    return option.names === undefined ? option.id : placeWords({ ...option, names: option.names });
  return context === null ? null : askedRow(plan, null, context).label;
}
