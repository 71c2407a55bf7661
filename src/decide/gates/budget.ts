import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** Cash stays within the budget: of the dearest month, and before the start. People count as far as they cost extra. */
export const budget: PlanGate = {
  id: 'budget',
  check({ peakMonthCashUsd, upfrontUsd }, { rules }) {
    const over = (limit: number | null, usd: number, what: string, path: string) => {
      if (limit === null || usd <= limit) return null;
      const have = `$${Math.ceil(usd)}`;
      return failed(() => ({
        need: `at most $${limit} ${what}`,
        have,
        reason: `${have} ${what} against a budget of $${limit}`,
        turnsAt: { path, value: Math.ceil(usd) },
        figures: { have: Math.ceil(usd), need: limit },
      }));
    };
    return (
      over(rules.budgetMonthlyUsd, peakMonthCashUsd, 'a month', 'budget.monthly') ??
      over(rules.budgetUpfrontUsd, upfrontUsd, 'up front', 'budget.upfront') ??
      passed
    );
  },
};
