import type { Tables } from './tables.js';

/** `us?` and `no:eea` are about `us` and `eea`. */
export const bareWord = (word: string): string => word.replace(/^no:/, '').replace(/\?$/, '');

/** What conditions of regimes ask for of one subject: `agreement:baa`, `org:dpia`. */
export function wordsAsked({ regimes }: Pick<Tables, 'regimes'>, subject: string): Set<string> {
  const found = regimes.flatMap(({ condition }) => [...condition.matchAll(/([a-z]+):([a-z0-9-]+)/g)]);
  return new Set(found.flatMap(([, before, word]) => (before === subject && word !== undefined ? [word] : [])));
}

/** Words of what providers have: where they process, what they are certified for, sign and promise. */
export type ProviderWords = 'regions' | 'certs' | 'agreements' | 'options';

/** The words that the tables know of one column of providers, and those that regimes ask for. */
export function knownWords(column: ProviderWords, tables: Tables): Set<string> {
  const places = column === 'regions' ? tables.regions.flatMap(({ tokens }) => tokens) : [];
  const had = [...places, ...tables.providers.flatMap((provider) => provider[column])].map(bareWord);
  return new Set([...had, ...wordsAsked(tables, column.slice(0, -1))].filter((word) => word !== ''));
}
