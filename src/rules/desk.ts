import { deskLoad, mayBeAtDesk } from '../places/on-prem.js';
import { failed, type Gate, passed } from './gate.js';

/** A machine at a desk serves one team, not a public. */
export const desk: Gate = {
  id: 'desk',
  level: 'provider',
  check(option, taskPart, { workload }) {
    if (!option.desk) return passed;
    const load = deskLoad(taskPart, workload);
    if (mayBeAtDesk(load.requestsPerDay, workload)) return passed;
    const have = `${Math.round(load.requestsPerDay)} requests/day`;
    return failed(() => ({
      need: `at most ${load.most} requests/day of a task at a desk`,
      have,
      reason: `${have} are more than a machine at a desk should serve`,
      turnsAt: { path: 'assumptions.deskRequestsPerDay', value: Math.ceil(load.requestsPerDay) },
      figures: { have: Math.round(load.requestsPerDay), need: load.most },
    }));
  },
};
