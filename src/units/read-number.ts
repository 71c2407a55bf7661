import type { Uncertain } from './range.js';
import type { Reader } from './reading.js';
import { uncertainReader } from './uncertain.js';

type Limits = { least?: number; most?: number; aboveZero?: boolean };

/** Reads a plain number, as `5`, `1_000`, `50k`, `2.5M`, with an optional noun after it (`400 tokens`). */
export function numberReader(noun: string | null, limits: Limits = {}): Reader<Uncertain> {
  const nouns = noun === null ? [''] : ['', noun, noun.replace(/s$/, '')];
  return uncertainReader({
    what: noun === null ? 'a number' : `a number of ${noun}`,
    forms: noun === null ? '12, 1_000, 50k, 2.5M or 40k..60k' : `800, 1_000, 50k, 400 ${noun} or 40k..60k`,
    toUnit: ({ value, unit, dollars }) => (!dollars && nouns.includes(unit) ? value : null),
    unit: nouns.filter((each) => each !== '').join('|'),
    ...limits,
  });
}

/** Reads a count, which is never negative. */
export const countReader = (noun: string | null, limits: Limits = {}): Reader<Uncertain> =>
  numberReader(noun, { least: 0, ...limits });
