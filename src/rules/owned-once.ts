import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** Machines that are owned already work in one place: what two of a plan would share is not divided between them. */
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
