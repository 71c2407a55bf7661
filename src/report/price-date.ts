import { counted } from './number-text.js';

/** Which prices, and how old they are on the day that is asked about. */
export type PriceDate = { snapshot: string; asOf: string; ageDays: number };

/** `91 days old`, or what there is to say of a day before the prices. */
export function ageText({ ageDays, asOf }: PriceDate): string {
  return ageDays >= 0 ? `${counted(ageDays, 'day')} old` : `later than ${asOf} by ${counted(-ageDays, 'day')}`;
}
