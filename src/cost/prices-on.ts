import { pricesAfter } from '../tables/prices-after.js';
import type { ApiRow, DateText } from '../tables/rows.js';

/** Whether the row's introductory prices have ended by a day; their last day (or month) is still part of them. */
export function introductionEnded({ until }: ApiRow, day: DateText): boolean {
  return until !== null && day.slice(0, until.length) > until;
}

/** The row with the prices of a day. */
export const pricesOn = (row: ApiRow, day: DateText): ApiRow => (introductionEnded(row, day) ? pricesAfter(row) : row);
