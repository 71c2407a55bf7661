import type { Tables } from './tables.js';

/** `us?` and `no:eea` are about `us` and `eea`. */
export const bareWord = (word: string): string => word.replace(/^no:/, '').replace(/\?$/, '');

/** Required words of one subject in conditions of regimes: `agreement:baa`, `org:dpia`. */
export function wordsAsked({ regimes }: Pick<Tables, 'regimes'>, subject: string): Set<string> {
  const found = regimes.flatMap(({ condition }) => [...condition.matchAll(/([a-z]+):([a-z0-9-]+)/g)]);
  return new Set(found.flatMap(([, before, word]) => (before === subject && word !== undefined ? [word] : [])));
}

/** Claims of providers: regions, certificates, agreements and options. */
export type ProviderWords = 'regions' | 'certs' | 'agreements' | 'options';

/** Known words of one column of providers, and those that regimes require. */
export function knownWords(
  column: ProviderWords,
  { regions, providers, regimes, columnCache }: Tables,
): ReadonlySet<string> {
  return columnCache.of(['words', column, regions, providers, regimes], () => {
    const places = column === 'regions' ? regions.flatMap(({ tokens }) => tokens) : [];
    const had = [...places, ...providers.flatMap((provider) => provider[column])].map(bareWord);
    return new Set([...had, ...wordsAsked({ regimes }, column.slice(0, -1))].filter((word) => word !== ''));
  });
}

/** What a claim says of a subject: `us` of `region:us`; '' of others. */
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
