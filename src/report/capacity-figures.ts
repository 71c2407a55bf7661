import type { CapacityQuestion, PricedCapacity } from '../cost/capacity-cost.js';
import { counted, grouped } from './number-text.js';
import type { PriceDate } from './price-date.js';

export type Shown = { prices: PriceDate; question: CapacityQuestion; found: PricedCapacity };
export type ShownRanking = { prices: PriceDate; question: CapacityQuestion; ranked: readonly PricedCapacity[] };

/** Smaller than any figure that means something here. */
const least = 1e-3;

/** A figure with as many digits as it can bear: two or three. */
export const short = (value: number): string =>
  value === 0
    ? '0'
    : value < least
      ? `<${least}`
      : value >= 1000
        ? grouped(Number(value.toPrecision(3)))
        : String(Number(value.toPrecision(value >= 100 ? 3 : 2)));

export const time = (seconds: number): string => (seconds >= 1 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`);

export const busy = (share: number): string => `${Math.round(share * 100)} %`;

/** `8/s`, `300 users`; null where no load is asked about. */
export const loadText = ({ load }: CapacityQuestion): string | null =>
  load === null ? null : load.is === 'rate' ? `${short(load.ratePerS)}/s` : counted(load.users, 'user');
