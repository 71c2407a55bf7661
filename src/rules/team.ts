import { isAtMost } from '../units/last-digits.js';
import { fixedWords, wordsBeside } from '../units/words-beside.js';
import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** With one place, below a tenth with two. */
const fteWords = (fte: number, places = fte > 0 && fte < 0.1 ? 2 : 1): string => fixedWords(places)(fte);

/** The people there are can run it; asked only of a team that is given and may not hire. */
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
