import { facetOf, facetsOf } from '../preferences.js';
import { failed, type Gate, passed } from './gate.js';

/** Places that the user wants to see, or does not: kinds, providers and forms of purchase by name. */
export const preferences: Gate = {
  id: 'preferences',
  level: 'provider',
  check(option, _, { demand: { rules }, tables }) {
    if (rules.only.length === 0 && rules.exclude.length === 0) return passed;
    for (const [facet, name] of Object.entries(facetsOf(option))) {
      if (name !== null && rules.exclude.includes(name))
        return failed(() => ({ need: `not ${name}`, have: name, reason: `preferences exclude ${name}` }));
      const wanted = rules.only.filter((one) => facetOf(one, tables) === facet);
      if (name !== null && wanted.length > 0 && !wanted.includes(name)) {
        const need = `only ${wanted.join(', ')}`;
        return failed(() => ({ need, have: name, reason: `preferences ask for ${need}` }));
      }
    }
    return passed;
  },
};
