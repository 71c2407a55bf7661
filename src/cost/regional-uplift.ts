import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { SideShares } from './tokens.js';

/** What a row says of the cheapest endpoint in one of the regions, as shares of its prices; null: nothing. */
export function listedUplift(
  { regionalUplifts, regionalUpliftPct }: Pick<ApiRow, 'regionalUplifts' | 'regionalUpliftPct'>,
  residency: readonly string[],
  { impliedTokens }: Pick<Tables, 'impliedTokens'>,
): SideShares | null {
  const wanted = new Set(residency.map((region) => `region:${region}`));
  for (const { token, impliedBy } of impliedTokens)
    if (wanted.has(token)) for (const each of impliedBy) wanted.add(each);
  const [cheapest] = regionalUplifts
    .filter(({ region }) => wanted.has(`region:${region}`))
    .sort((a, b) => a.input + a.output - b.input - b.output);
  if (cheapest !== undefined) return { input: cheapest.input / 100, output: cheapest.output / 100 };
  return regionalUpliftPct === null ? null : { input: regionalUpliftPct / 100, output: regionalUpliftPct / 100 };
}
