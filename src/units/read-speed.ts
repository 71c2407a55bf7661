import { uncertainReader } from './uncertain.js';

const speed = '(?:tokens?|tok|t) ?(?:/|per) ?(?:s|sec|second)';
const whole = new RegExp(`^${speed}$`);

/** Reads a speed in tokens per second: `20 tokens/s`, `20 tokens per second`, `20`. */
export const readSpeed = uncertainReader({
  what: 'a speed',
  forms: '20 tokens/s, 20 or 15..25 tokens/s',
  toUnit: ({ value, unit, dollars }) => (!dollars && (unit === '' || whole.test(unit)) ? value : null),
  unit: speed,
  aboveZero: true,
  least: 0,
});
