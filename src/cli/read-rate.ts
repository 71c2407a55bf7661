import { uncertainReader } from '../units/uncertain.js';
import { readVolume } from '../units/volume.js';

const seconds: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** Reads a rate in requests per second: `8/s`, `500/min`, `20k requests/day`, `12 rps`; a bare number is that already. */
export const readRate = uncertainReader({
  what: 'a rate of requests',
  forms: '8/s, 500/min or 20k/day; a bare number is requests a second',
  toUnit: ({ value, unit, dollars }) => {
    if (dollars) return null;
    if (unit === '') return value;
    const volume = readVolume(`1 ${unit}`);
    const period = volume.ok && volume.value.of === 'requests' ? seconds[volume.value.per ?? ''] : undefined;
    return period === undefined ? null : value / period;
  },
  unit: '',
  least: 0,
  aboveZero: true,
});
