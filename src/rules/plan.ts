import { leadTimeWeeks } from '../places/fleet-numbers.js';
import { isAtMost } from '../units/float.js';
import { fixedWords, usdWords, weeksWords, wordsBeside } from '../units/format.js';
import { failed, type Gate, type PlanGate, passed, unknown } from './rule.js';

/** Whole dollars as they were written: without cents. */
const wholeUsdWords = (usd: number, places: number | null = null): string =>
  usdWords(usd, Number.isInteger(usd) ? 0 : places);

/** Cash stays within the budget: of the peak month, and before the start. People count if they cost extra. */
export const budget: PlanGate = {
  id: 'budget',
  check(totals, { once, rules: { budgetMonthlyUsd, budgetUpfrontUsd } }) {
    if (budgetMonthlyUsd === null && budgetUpfrontUsd === null) return passed;
    const over = [
      {
        limit: budgetMonthlyUsd,
        usd: totals.peakMonthCashUsd,
        what: once ? 'in cash' : 'a month in cash',
        path: 'budget.monthly',
      },
      { limit: budgetUpfrontUsd, usd: totals.upfrontUsd, what: 'up front', path: 'budget.upfront' },
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

/** It can be had by the day it must run. */
export const launch: Gate = {
  id: 'launch',
  level: 'provider',
  asks: (_, { workload }) => workload.team.launchWithinWeeks !== null,
  check(option, _taskPart, context) {
    const within = context.workload.team.launchWithinWeeks;
    if (within === null) return passed;
    const need = `runs within ${weeksWords(within)}`;
    const weeks = leadTimeWeeks(option, context);
    if (weeks === null)
      return unknown(() => ({ need, reason: `ask ${option.provider || option.kind} how long it takes until it runs` }));
    if (isAtMost(weeks, within)) return passed;
    return failed(() => {
      const [takes, most] = wordsBeside(within, weeks, weeksWords);
      return {
        need: `runs within ${most}`,
        have: takes,
        reason: `it takes ${takes} until it runs`,
        turnsAt: { path: 'team.launchWithin', value: weeks },
        figures: { have: weeks, need: within },
      };
    });
  },
};

/** With one place, below a tenth with two. */
const fteWords = (fte: number, places = fte > 0 && fte < 0.1 ? 2 : 1): string => fixedWords(places)(fte);

/** The available people can run it; only for a given team that may not hire. */
export const team: PlanGate = {
  id: 'team',
  check({ fteNeeded }, { team }) {
    if (!team.given || team.mayHire || isAtMost(fteNeeded, team.freeFte)) return passed;
    return failed(() => {
      const [need, have] = wordsBeside(team.freeFte, fteNeeded, fteWords);
      return {
        need: `${need} FTE`,
        have: `${have} FTE free`,
        reason: `needs ${need} FTE, ${have} are free`,
        turnsAt: { path: 'team.free', value: fteNeeded },
        figures: { need: fteNeeded, have: team.freeFte },
      };
    });
  },
};

/** Owned machines serve one place: they are not divided between places. */
export const ownedOnce: PlanGate = {
  id: 'owned-once',
  check({ owned }) {
    const twice = owned.find((accelerator, at) => owned.indexOf(accelerator) < at);
    if (twice === undefined) return passed;
    return failed(() => ({
      need: `${twice} for two places`,
      have: 'what is owned serves one',
      reason: `two of its places count on the same ${twice} that are owned`,
    }));
  },
};
