import { imageSizes } from '../tables/catalog-columns.js';
import { knownWords, wordsAsked } from '../tables/claim-words.js';
import { kinds } from '../tables/kinds.js';
import type { Tables } from '../tables/tables.js';
import { sameName } from '../units/suggest.js';
import { providerNames, wishNames } from './facets.js';
import { isMap } from './source.js';
import { boundaries } from './workload.js';

/** Words that the scenario's format fixes, by the key they stand under. */
export const enums = {
  sensitivity: ['public', 'internal', 'pii', 'regulated', 'device-only'],
  boundary: boundaries,
  tier: ['basic', 'general', 'strong', 'frontier'],
  told: ['before', 'after'],
  thinking: ['allowed', 'forbidden'],
  needs: ['tools', 'vision', 'fine-tuning'],
  imageSize: imageSizes,
  objective: ['advice', 'cost', 'balanced', 'quality'],
} as const;

/** Names of the tables, by the key they stand under. */
const names: Record<string, (tables: Tables) => Iterable<string>> = {
  profile: ({ profileOf }) => profileOf.keys(),
  type: ({ taskOf }) => taskOf.keys(),
  atLeast: ({ yardstickOf }) => yardstickOf.keys(),
  accelerator: ({ acceleratorOf }) => acceleratorOf.keys(),
  model: ({ modelOf }) => modelOf.keys(),
  regimes: ({ regimes }) => regimes.flatMap(({ regime, aliases }) => [regime, ...aliases]),
  kinds: ({ regimes }) => [...kinds, ...regimes.map(({ dataKind }) => dataKind)],
  residency: (tables) => knownWords('regions', tables),
  agreements: (tables) => [...knownWords('agreements', tables), ...providerNames(tables)],
  declared: (tables) => wordsAsked(tables, 'org'),
  only: wishNames,
};
for (const key of ['signed', 'canSign']) names[key] = names.agreements as (tables: Tables) => Iterable<string>;
for (const key of ['exclude', 'include']) names[key] = wishNames;

/** Keys that take a list: a lone word stands for a list of it. */
const lists = new Set([
  ...['regimes', 'kinds', 'residency', 'agreements', 'signed', 'canSign', 'declared', 'needs'],
  ...['only', 'exclude', 'include'],
]);

/** Keys below which all names are the user's own. */
const own = new Set(['prices', 'assumptions', 'today', 'name']);

/**
 * Spells names as the format and the tables do: case, spaces, hyphens and underscores do not tell names apart. This is the
 * one place where they are compared; whatever reads the scenario afterwards takes names as they are. Changes `root`.
 */
export function spellAsKnown(root: unknown, tables: Tables | undefined): void {
  const known = new Map<string, Set<string>>();
  const wordsOf = (key: string): Set<string> => {
    let words = known.get(key);
    if (words === undefined) {
      const fixed: readonly string[] = Object.hasOwn(enums, key) ? enums[key as keyof typeof enums] : [];
      const listed = tables && Object.hasOwn(names, key) ? (names[key]?.(tables) ?? []) : [];
      words = new Set([...fixed, ...listed]);
      known.set(key, words);
    }
    return words;
  };
  const spelled = (key: string, word: unknown): unknown => {
    if (typeof word !== 'string' || word.length > longestName) return word;
    const words = wordsOf(key);
    // `baa:<provider>` and `<model>+thinking` are two names.
    return words.has(word)
      ? word
      : word.replace(/[^:+]+/g, (part) => (words.has(part) ? part : (sameName(part, words) ?? part)));
  };
  const visit = (map: Record<string, unknown>, isRoot: boolean): void => {
    for (const [key, value] of Object.entries(map)) {
      if (own.has(key)) continue;
      if (typeof value === 'string') map[key] = lists.has(key) && !isRoot ? [spelled(key, value)] : spelled(key, value);
      else if (isMap(value)) visit(value, false);
      else if (Array.isArray(value))
        for (const [index, item] of value.entries()) {
          if (isMap(item)) visit(item, false);
          else value[index] = spelled(key, item);
        }
    }
  };
  if (isMap(root)) visit(root, true);
}

/** Longer than any name of the tables. */
const longestName = 200;
