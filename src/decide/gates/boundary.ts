import { boundaries } from '../../scenario/demand.js';
import { holds } from './claims.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** Data go no further than the task's boundary. */
export const boundary: Gate = {
  id: 'boundary',
  level: 'provider',
  check(option, { needs }, of) {
    if (needs.boundary === 'anywhere') return passed;
    const need = `data stay within ${needs.boundary}`;
    if (option.marketplace) {
      return failed(() => ({
        need,
        have: 'a machine of an unknown host',
        reason: 'on a marketplace somebody else owns the machine',
      }));
    }
    if (boundaries.indexOf(option.reach) <= boundaries.indexOf(needs.boundary)) return passed;
    const path = 'data.boundary';
    if (needs.boundary !== 'under-contract') {
      const value = option.reach === 'anywhere' ? 'under-contract' : option.reach;
      return failed(() => ({
        need,
        have: `goes to ${option.provider}`,
        reason: `data would go to ${option.provider}`,
        turnsAt: { path, value },
      }));
    }
    // Personal data need a processor's contract; a regime brings its own; everything else is kept from training only.
    const contract = holds(
      needs.sensitivity === 'pii' ? 'agreement:dpa & option:no-training' : 'option:no-training',
      option,
      needs,
      of,
    );
    if (contract.state === 'passed') return passed;
    if (contract.state === 'condition')
      return condition(() => ({ need, have: 'a contract on offer', todo: contract.todos.join('; ') }));
    if (contract.state === 'unknown') return unknown(() => ({ need, reason: contract.missing }));
    return failed(() => ({
      need,
      have: contract.missing,
      reason: contract.missing,
      turnsAt: { path, value: 'anywhere' },
    }));
  },
};
