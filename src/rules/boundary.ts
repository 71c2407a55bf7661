import { boundaries, type TaskPart } from '../workload/workload.js';
import { failed, type Gate, passed } from './gate.js';
import { boundaryTurn } from './turns.js';

/** Data go no further than the task's boundary. What a contract must say is for the agreements and the retention. */
export const boundary: Gate = {
  id: 'boundary',
  level: 'provider',
  asks: ({ needs }) => needs.boundary !== 'anywhere',
  check(option, taskPart) {
    const { needs } = taskPart;
    if (needs.boundary === 'anywhere') return passed;
    const need = `data stay within ${needs.boundary}`;
    if (option.marketplace) {
      return failed(() => ({
        need,
        have: 'a machine of an unknown host',
        reason: 'on a marketplace somebody else owns the machine',
        turnsAt: boundaryTurn(taskPart, 'anywhere'),
      }));
    }
    if (boundaries.indexOf(option.reach) <= boundaries.indexOf(needs.boundary)) return passed;
    // Whoever is under contract is asked for that contract.
    if (needs.boundary === 'under-contract') return passed;
    return failed(() => ({
      need,
      have: `goes to ${option.provider}`,
      reason: `data would go to ${option.provider}`,
      turnsAt: boundaryTurn(taskPart, option.reach === 'anywhere' ? 'under-contract' : option.reach),
    }));
  },
};

/** Whether data of a task part may go to a provider only as far as a contract allows. */
export const asksForContract = ({ needs }: TaskPart): boolean => needs.boundary === 'under-contract';
