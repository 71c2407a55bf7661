import type { Context } from '../places/placement.js';
import { mayRun } from '../rules/rule.js';
import { gates } from '../rules/registry.js';
import { cheapestPlan } from './choose.js';
import type { OfferScope } from './offered.js';
import { planVerdicts } from './option-report.js';
import type { Plan } from './plan.js';
import { planPhrase } from './plan-phrase.js';
import { type Reason, reason } from './reason.js';
import { review } from './review.js';
import { waysWithout } from './rules-alone.js';

/** As many are told. */
const shown = 3;

/**
 * Nothing fits: the cheapest plans, of several places where it takes them, that would if it were not for one rule, as far as no
 * option alone tells. Left out in turn are the limits on money and on people, unless an option misses one of them alone, and,
 * where no option misses any rule alone, each rule that alone turns some option down for a task or a part of one.
 *
 * @param alone rules that an option misses alone
 */
export function oneRuleAway(context: Context, alone: ReadonlySet<string>): Reason[] {
  const { workload } = context;
  const { rules, team } = workload;
  const unlimited: Context[] = [
    ...(alone.has('budget') || (rules.budgetMonthlyUsd === null && rules.budgetUpfrontUsd === null)
      ? []
      : [
          {
            ...context,
            workload: { ...workload, rules: { ...rules, budgetMonthlyUsd: null, budgetUpfrontUsd: null } },
          },
        ]),
    ...(alone.has('team') || team.mayHire
      ? []
      : [{ ...context, workload: { ...workload, team: { ...team, mayHire: true } } }]),
  ];
  const { anyRule, rule } = waysWithout(context);
  let cheapest: Plan[] = [];
  const look = (then: Context, scope: OfferScope): void => {
    // What costs more than those that are told does not matter.
    const below = cheapest[shown - 1]?.monthlyUsd;
    const plan = cheapestPlan(then, { ...scope, ...(below !== undefined && { below }) });
    if (plan === null || cheapest.some(({ id }) => id === plan.id)) return;
    cheapest = [...cheapest, plan].sort((one, other) => one.monthlyUsd - other.monthlyUsd).slice(0, shown);
  };
  for (const then of unlimited) look(then, { ways: anyRule });
  if (alone.size === 0) for (const gate of gates) look(context, { ignore: gate.id, ways: rule(gate) });
  return cheapest.map((plan) => reasonFor(plan, context));
}

function reasonFor(plan: Plan, context: Context): Reason {
  const failing = [...review(plan, context).verdicts, ...planVerdicts(plan, context)].filter(
    ({ verdict }) => !mayRun(verdict),
  );
  const whys = failing.map(({ verdict }) => verdict.why());
  const gate = failing[0]?.gate ?? '';
  return reason(
    'one-rule-away',
    'but for the rule {gate} this would do, {cost:usd} a month: {plan} ({why})',
    { gate, plan: planPhrase(plan), why: [...new Set(whys.map((why) => why.reason))].join('; ') },
    { ...whys[0]?.figures, cost: plan.monthlyUsd },
  );
}
