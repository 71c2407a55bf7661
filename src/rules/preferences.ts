import type { Second } from '../places/candidate.js';
import type { Context } from '../places/placement.js';
import { facetOf, isSite } from '../workload/facets.js';
import { failed, type Gate, passed, type Verdict } from './gate.js';
import { facetsOf } from './preference-names.js';
import { listText } from './turns.js';

/** Whether the user wants a second place for this at all: for what exceeds the first one, or for while it is down. */
export function wishOf(role: Second['role'], { workload: { rules } }: Context): Verdict {
  if (!rules.exclude.includes(role)) return passed;
  return failed(() => ({
    need: `not ${role}`,
    have: role,
    reason: `preferences exclude ${role}`,
    turnsAt: { path: 'preferences.exclude', value: listText(rules.exclude.filter((one) => one !== role)) },
  }));
}

/** Places that the user wants to see, or does not: kinds, providers and forms of purchase by name. */
export const preferences: Gate = {
  id: 'preferences',
  level: 'provider',
  asks: (_, { workload: { rules } }) => rules.only.length > 0 || rules.exclude.length > 0,
  check(option, _, { workload: { rules }, tables }) {
    if (rules.only.length === 0 && rules.exclude.length === 0) return passed;
    const facets = Object.entries(facetsOf(option)).filter((entry): entry is [string, string] => entry[1] !== null);
    const excluded = facets.flatMap(([, name]) => (rules.exclude.includes(name) ? [name] : []));
    const missing = facets.flatMap(([facet, name]) => {
      // A name that nobody has is that of a provider who sells nothing here: a slip of the pen lifts no restriction.
      const wanted = rules.only.filter((one) => (facetOf(one, tables) ?? 'provider') === facet);
      // Who asks for what is one's own beside some providers means all sites, unless one is named.
      const anySite = isSite(name) && rules.only.includes(option.kind) && !wanted.some(isSite);
      return wanted.length > 0 && !wanted.includes(name) && !anySite ? [{ name, wanted }] : [];
    });
    const [name] = excluded;
    if (name !== undefined) {
      const value = () => listText(rules.exclude.filter((one) => !excluded.includes(one)));
      return failed(() => ({
        need: `not ${name}`,
        have: name,
        reason: `preferences exclude ${name}`,
        turnsAt: missing.length > 0 ? null : { path: 'preferences.exclude', value: value() },
      }));
    }
    const [first] = missing;
    if (first === undefined) return passed;
    const need = `only ${first.wanted.join(', ')}`;
    return failed(() => ({
      need,
      have: first.name,
      reason: `preferences ask for ${need}`,
      turnsAt: {
        path: 'preferences.only',
        value: listText([...rules.only, ...missing.map((other) => other.name)]),
      },
    }));
  },
};
