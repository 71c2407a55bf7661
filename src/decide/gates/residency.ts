import { holds } from './claims.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** Processing stays in one of the regions asked for. */
export const residency: Gate = {
  id: 'residency',
  level: 'provider',
  check(option, { needs }, of) {
    if (needs.residency.length === 0) return passed;
    const need = `processed in ${needs.residency.join(' or ')}`;
    const found = holds(needs.residency.map((region) => `region:${region}`).join(' | '), option, needs, of);
    if (found.state === 'passed') return passed;
    if (found.state === 'condition') return condition(() => ({ need, have: 'possible', todo: found.todos.join('; ') }));
    if (found.state === 'unknown') return unknown(() => ({ need, reason: found.missing }));
    return failed(() => ({ need, have: found.missing, reason: found.missing }));
  },
};
