import type { Case } from '../placements/placement.js';
import { cheapestPlan } from './choose.js';
import { type Gate, mayRun } from './gates/gate.js';
import { gates } from './gates/registry.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { planPhrase } from './plan-phrase.js';
import { type Reason, reason } from './reason.js';
import { review } from './review.js';

/** As many are told. */
const shown = 3;

/**
 * Nothing fits: the cheapest plans, of several places where it takes them, that would if it were not for one rule, as far as no
 * option alone tells. Left out in turn are the limits on money and on people, unless an option misses one of them alone, and,
 * where no option misses any rule alone, each rule that was the first to turn something down.
 *
 * @param alone rules that an option misses alone
 * @param rejectedBy options by the rule that was the first to turn them down
 */
export function oneRuleAway(of: Case, alone: ReadonlySet<string>, rejectedBy: ReadonlyMap<string, number>): Reason[] {
  const { demand } = of;
  const { rules, team } = demand;
  // Bounds turn machines down before a rule about what is seen on them is asked.
  const mayBeAlone = ({ id, level }: Gate): boolean => level === 'service' || (rejectedBy.get(id) ?? 0) > 0;
  const asked = gates.filter(
    (gate) => alone.size === 0 && mayBeAlone(gate) && demand.slices.some((slice) => gate.asks?.(slice, of) ?? true),
  );
  const unlimited: Case[] = [
    ...(alone.has('budget') || (rules.budgetMonthlyUsd === null && rules.budgetUpfrontUsd === null)
      ? []
      : [{ ...of, demand: { ...demand, rules: { ...rules, budgetMonthlyUsd: null, budgetUpfrontUsd: null } } }]),
    ...(alone.has('team') || team.mayHire ? [] : [{ ...of, demand: { ...demand, team: { ...team, mayHire: true } } }]),
  ];
  const plans = [
    ...unlimited.map((then) => cheapestPlan(then)),
    ...asked.map(({ id }) => cheapestPlan(of, { ignore: id })),
  ].filter((plan) => plan !== null);
  const each = new Map(plans.map((plan) => [plan.id, plan]));
  return [...each.values()]
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd)
    .slice(0, shown)
    .map((plan) => reasonFor(plan, of));
}

function reasonFor(plan: Plan, of: Case): Reason {
  const failing = [...review(plan, of).verdicts, ...planVerdicts(plan, of)].filter(({ verdict }) => !mayRun(verdict));
  const whys = failing.map(({ verdict }) => verdict.why());
  const gate = failing[0]?.gate ?? '';
  return reason(
    'one-rule-away',
    'but for the rule {gate} this would do, {cost:usd} a month: {plan} ({why})',
    { gate, plan: planPhrase(plan), why: [...new Set(whys.map((why) => why.reason))].join('; ') },
    { ...whys[0]?.figures, cost: plan.monthlyUsd },
  );
}
