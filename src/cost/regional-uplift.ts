import type { ApiRow } from '../tables/rows.js';
import type { SideShares } from './tokens.js';

/** Surcharges of the cheapest endpoint in one of the regions, as shares of the prices; null: none listed. */
export function listedUplift(
  { regionalUplifts, regionalUpliftPct }: Pick<ApiRow, 'regionalUplifts' | 'regionalUpliftPct'>,
  regions: ReadonlySet<string>,
): SideShares | null {
  const [cheapest] = regionalUplifts
    .filter(({ region }) => regions.has(region))
    .sort((a, b) => a.input + a.output - b.input - b.output);
  if (cheapest !== undefined) return { input: cheapest.input / 100, output: cheapest.output / 100 };
  return regionalUpliftPct === null ? null : { input: regionalUpliftPct / 100, output: regionalUpliftPct / 100 };
}
