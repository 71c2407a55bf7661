import { leadTimeWeeks } from '../places/lead-time.js';
import { weeksWords } from '../units/format.js';
import { isAtMost } from '../units/last-digits.js';
import { wordsBeside } from '../units/words-beside.js';
import { failed, type Gate, passed, unknown } from './gate.js';

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
