import { uncertainReader } from './uncertain.js';

/** Reads full-time people: `0.5 FTE`, `2 people`, `0.5`. */
export const readFte = uncertainReader({
  what: 'a number of people',
  forms: '0.5 FTE, 2 people, 0.5 or 1..2 FTE',
  toUnit: ({ value, unit, dollars }) => (!dollars && /^(?:FTEs?|ftes?|people|person|)$/.test(unit) ? value : null),
  least: 0,
});
