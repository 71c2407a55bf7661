import { boundaries } from '../../scenario/demand.js';
import { holds } from './claims.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** Data go no further than the task's boundary. */
export const boundary: Gate = {
  id: 'boundary',
  level: 'provider',
  check(option, { needs }, of) {
    const need = `data stay within ${needs.boundary}`;
    if (needs.boundary === 'anywhere') return passed;
    const strictness = (of: (typeof boundaries)[number]) => boundaries.indexOf(of);
    if (!option.marketplace && strictness(option.reach) <= strictness(needs.boundary)) return passed;
    if (option.marketplace) return failed(need, 'a machine of an unknown host', 'on a marketplace somebody else owns the machine');
    if (needs.boundary !== 'under-contract') {
      return failed(need, `goes to ${option.provider}`, `data would go to ${option.provider}`, { path: 'data.boundary', value: 'under-contract' });
    }
    const terms = needs.sensitivity === 'pii' ? 'agreement:dpa & option:no-training' : 'option:no-training';
    const contract = holds(terms, option, of);
    if (contract.state === 'passed') return passed;
    if (contract.state === 'condition') return condition(need, 'a contract on offer', contract.todos.join('; '));
    if (contract.state === 'unknown') return unknown(need, contract.missing);
    return failed(need, contract.missing, contract.missing, { path: 'data.boundary', value: 'anywhere' });
  },
};
