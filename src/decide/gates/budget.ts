import { isAtMost } from '../../units/last-digits.js';
import { wordsBeside } from '../../units/words-beside.js';
import { usdWords } from '../words.js';
import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** Whole dollars as they were written: without cents. */
const wholeUsdWords = (usd: number, places: number | null = null): string =>
  usdWords(usd, Number.isInteger(usd) ? 0 : places);

/** Cash stays within the budget: of the dearest month, and before the start. People count as far as they cost extra. */
export const budget: PlanGate = {
  id: 'budget',
  check({ peakMonthCashUsd, upfrontUsd }, { rules }) {
    const over = (limit: number | null, usd: number, what: string, path: string) => {
      if (limit === null || isAtMost(usd, limit)) return null;
      return failed(() => {
        const [told, most] = wordsBeside(limit, usd, wholeUsdWords);
        return {
          need: `at most ${most} ${what}`,
          have: told,
          reason: `${told} ${what} against a budget of ${most}`,
          turnsAt: { path, value: Math.ceil(usd) },
          figures: { have: usd, need: limit },
        };
      });
    };
    return (
      over(rules.budgetMonthlyUsd, peakMonthCashUsd, 'a month', 'budget.monthly') ??
      over(rules.budgetUpfrontUsd, upfrontUsd, 'up front', 'budget.upfront') ??
      passed
    );
  },
};
