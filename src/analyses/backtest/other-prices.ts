import type { Warning } from '../../decide/decision.js';
import { daysBetween } from '../../units/month.js';

/** Months to which the prices of another snapshot are nearer than those used, with that snapshot. */
export function pricesOfOtherDays(months: readonly string[], used: string, snapshots: readonly string[]): Warning[] {
  const away = (month: string, snapshot: string) => Math.abs(daysBetween(snapshot, `${month}-15`));
  const nearest = (month: string) =>
    snapshots.reduce((best, each) => (away(month, each) < away(month, best) ? each : best), used);
  const bySnapshot = new Map<string, string[]>();
  for (const month of months) {
    const better = nearest(month);
    if (better !== used) bySnapshot.set(better, [...(bySnapshot.get(better) ?? []), month]);
  }
  return [...bySnapshot].map(([snapshot, nearer]) => ({
    code: 'other-prices-nearer',
    message: `prices are those of ${used}; those of ${snapshot} are nearer to ${spanText(nearer)}: --pricing ${snapshot}`,
  }));
}

const spanText = (months: readonly string[]): string => {
  const [first = '', last = ''] = [months[0], months.at(-1)];
  return first === last ? first : `${first} to ${last}`;
};
