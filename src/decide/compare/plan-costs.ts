import type { Case } from '../../placements/placement.js';
import { percentChange } from '../../units/paired.js';
import { askedRow } from '../asked.js';
import { rounded, roundedOrNull } from '../round.js';
import type { PlanCost } from './comparison.js';
import type { Decided } from './decided.js';

/** A decision, and where it can be asked for more, its case. */
export type Asked = { decision: Decided; of: Case | null };

type OnSide = PlanCost['before'];

/** What the plans advised, and the best of each kind, cost on both sides; those advised first. */
export function planCosts(before: Asked, after: Asked): PlanCost[] {
  const roles = [rolesOf(before.decision), rolesOf(after.decision)] as const;
  const ids = [...new Set([...roles[0].keys(), ...roles[1].keys()])];
  const costs = ids.map((plan): PlanCost => {
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

/** Plans of a decision by what they are in it. */
function rolesOf({ recommendation, scorecard }: Decided): Map<string, string> {
  const best = scorecard.flatMap(({ kind, option }) => (option === null ? [] : [[option, kind] as const]));
  // The plan advised may be the best of its kind too.
  return new Map([...best, ...(recommendation.plan === null ? [] : [[recommendation.plan, advised] as const])]);
}

function onSide(plan: string, { decision, of }: Asked, roles: ReadonlyMap<string, string>): OnSide {
  const as = roles.get(plan) ?? null;
  const { recommendation, scorecard, options, asked } = decision;
  if (recommendation.plan === plan) return { monthlyCost: recommendation.monthlyCost, feasible: true, as };
  const known =
    scorecard.find(({ option }) => option === plan) ??
    [...options, ...asked].find(({ id }) => id === plan) ??
    (of === null ? undefined : askedRow(plan, null, of));
  return { monthlyCost: known?.monthlyCost ?? null, feasible: known?.feasible ?? false, as };
}

function labelOf(plan: string, { decision, of }: Asked): string | null {
  const { recommendation, pareto, options } = decision;
  if (recommendation.plan === plan) return recommendation.label;
  const listed = pareto.find((one) => one.plan === plan)?.label;
  if (listed !== undefined) return listed;
  const option = options.find(({ id }) => id === plan);
  if (option !== undefined && of === null) return `${option.kind}: ${option.provider} / ${option.model}`;
  return of === null ? null : askedRow(plan, null, of).label;
}
