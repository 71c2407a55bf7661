import { boundaries } from '../workload/workload.js';
import { failed, type Gate, passed } from './gate.js';

/** Works without a network: only what stands on the device or on own premises does. */
export const offline: Gate = {
  id: 'offline',
  level: 'provider',
  asks: ({ needs }) => needs.offline,
  check(option, { needs }) {
    if (!needs.offline || boundaries.indexOf(option.reach) <= boundaries.indexOf('own-premises')) return passed;
    return failed(() => ({
      need: 'works without a network',
      have: 'needs a network',
      reason: `${option.kind} needs a network`,
      turnsAt: { path: 'needs.offline', value: 'false' },
    }));
  },
};
