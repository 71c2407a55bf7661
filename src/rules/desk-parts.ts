import { mayBeAtDesk } from '../places/on-prem.js';
import { failed, passed } from './gate.js';
import type { PlanGate } from './plan-gate.js';

/** What machines at a desk may serve of a task is not more for being cut into parts; of a whole task the rule `desk` asks. */
export const deskParts: PlanGate = {
  id: 'desk-parts',
  check({ partsAtDesks }, workload) {
    const over = [...partsAtDesks].find(([, requestsPerDay]) => !mayBeAtDesk(requestsPerDay, workload));
    if (over === undefined) return passed;
    const [task, requestsPerDay] = over;
    return failed(() => {
      const most = workload.assume('deskRequestsPerDay');
      const have = `${Math.round(requestsPerDay)} requests/day`;
      return {
        need: `at most ${most} requests/day of a task at desks`,
        have,
        reason: `${have} of ${task}, part by part, are more than machines at desks should serve`,
        turnsAt: { path: 'assumptions.deskRequestsPerDay', value: Math.ceil(requestsPerDay) },
        figures: { have: Math.round(requestsPerDay), need: most },
      };
    });
  },
};
