import { isUnpriced } from '../../cost/curve.js';
import { monthsOf } from '../../decide/months.js';
import { type Plan, planOf, upfrontCashUsd } from '../../decide/plan.js';
import { rounded } from '../../decide/round.js';
import { isAtMost } from '../../units/float.js';
import { partsUnder } from './costs.js';
import { type CaseAt, drawn } from './draws.js';
import type { UncertainInput } from './inputs.js';

/** Share of the draws in which the dearest month, or what is paid up front, is above the budget; null without one. */
export function overBudgetShare(
  plan: Plan,
  draws: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
): number | null {
  const values = new Float64Array(inputs.length);
  let over = 0;
  for (let k = 0; k < draws; k++) {
    const context = caseAt(drawn(inputs, k, values));
    const { budgetMonthlyUsd, budgetUpfrontUsd } = context.workload.rules;
    if (budgetMonthlyUsd === null && budgetUpfrontUsd === null) return null;
    const parts = partsUnder(plan, context);
    const again = parts && planOf(parts, context);
    if (
      again === null ||
      isUnpriced(again) ||
      !isAtMost(monthsOf(again, context).peakCashUsd, budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) ||
      !isAtMost(upfrontCashUsd(again, context.workload), budgetUpfrontUsd ?? Number.POSITIVE_INFINITY)
    )
      over += 1;
  }
  return rounded(over / draws);
}
