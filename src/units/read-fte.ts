import { uncertainReader } from './uncertain.js';

const people = 'FTEs?|ftes?|people|person';
const whole = new RegExp(`^(?:${people})$`);

/** Reads full-time people: `0.5 FTE`, `2 people`, `0.5`. */
export const readFte = uncertainReader({
  what: 'a number of people',
  forms: '0.5 FTE, 2 people, 0.5 or 1..2 FTE',
  toUnit: ({ value, unit, dollars }) => (!dollars && (unit === '' || whole.test(unit)) ? value : null),
  unit: people,
  least: 0,
});
