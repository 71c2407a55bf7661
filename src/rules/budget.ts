import { usdWords } from '../units/format.js';
import { isAtMost } from '../units/last-digits.js';
import { wordsBeside } from '../units/words-beside.js';
import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** Whole dollars as they were written: without cents. */
const wholeUsdWords = (usd: number, places: number | null = null): string =>
  usdWords(usd, Number.isInteger(usd) ? 0 : places);

/** Cash stays within the budget: of the dearest month, and before the start. People count as far as they cost extra. */
export const budget: PlanGate = {
  id: 'budget',
  check({ peakMonthCashUsd, upfrontUsd }, { rules }) {
    const over = [
      { limit: rules.budgetMonthlyUsd, usd: peakMonthCashUsd, what: 'a month', path: 'budget.monthly' },
      { limit: rules.budgetUpfrontUsd, usd: upfrontUsd, what: 'up front', path: 'budget.upfront' },
    ].flatMap(({ limit, ...one }) => (limit === null || isAtMost(one.usd, limit) ? [] : [{ limit, ...one }]));
    const [first, ...others] = over;
    if (first === undefined) return passed;
    return failed(() => {
      const told = over.map(({ limit, usd, what }) => {
        const [have, most] = wordsBeside(limit, usd, wholeUsdWords);
        return { have, what, need: `at most ${most} ${what}`, reason: `${have} ${what} against a budget of ${most}` };
      });
      return {
        need: told.map(({ need }) => need).join(', '),
        have: told.map(({ have, what }) => (others.length > 0 ? `${have} ${what}` : have)).join(', '),
        reason: told.map(({ reason }) => reason).join('; '),
        // Where both are missed, no one field lets it pass.
        turnsAt: others.length > 0 ? null : { path: first.path, value: Math.ceil(first.usd) },
        figures: { have: first.usd, need: first.limit, ...Object.fromEntries(others.flatMap(figuresOf)) },
      };
    });
  },
};

const figuresOf = ({ usd, limit }: { usd: number; limit: number }): [string, number][] => [
  ['haveUpfront', usd],
  ['needUpfront', limit],
];
