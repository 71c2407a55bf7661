import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { SideShares } from './tokens.js';

/** What a row says of the cheapest endpoint in one of the regions, as shares of its prices; null: nothing. */
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

/** What a token of the compliance tables says of a subject: `us` of `region:us`; '' of others. */
export const nameIn = (token: string, subject: string): string =>
  token.startsWith(`${subject}:`) ? token.slice(subject.length + 1) : '';

/** Regions, with those that are one of them by another name or lie in it. */
export function regionsWithin(
  regions: readonly string[],
  { impliedTokens }: Pick<Tables, 'impliedTokens'>,
): Set<string> {
  const all = new Set(regions);
  for (const { token, impliedBy } of impliedTokens)
    if (all.has(nameIn(token, 'region'))) for (const each of impliedBy) all.add(nameIn(each, 'region'));
  return all;
}
