import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** No more places to run than the scenario allows; one that stands in or takes what exceeds another counts. */
export const places: PlanGate = {
  id: 'places',
  check({ places }, { rules: { maxDeployments } }) {
    if (places <= maxDeployments) return passed;
    return failed(() => ({
      need: `${places} places to run`,
      have: `at most ${maxDeployments}`,
      reason: `has ${places} places to run, at most ${maxDeployments} are allowed`,
      turnsAt: { path: 'preferences.maxDeployments', value: places },
      figures: { need: places, have: maxDeployments },
    }));
  },
};
