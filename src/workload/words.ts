import { imageSizes, serviceTiers } from '../tables/catalog-columns.js';
import { kindNames, kinds } from '../tables/column.js';
import { knownWords, wordsAsked } from '../tables/rules.js';
import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';
import { nameKey, sameName } from '../units/problem.js';
import type { Path } from './source.js';
import { providerNames, wishNames } from './source.js';
import { boundaries } from './workload.js';
import { kindsMeant, onlyMeaning } from './wrong-guesses.js';

/** Words that the scenario's format fixes, by the key they stand under. */
export const enums = {
  sensitivity: ['public', 'internal', 'pii', 'regulated', 'device-only'],
  boundary: boundaries,
  tier: ['basic', 'general', 'strong', 'frontier'],
  told: ['before', 'after'],
  thinking: ['allowed', 'forbidden'],
  needs: ['tools', 'vision', 'fine-tuning'],
  imageSize: imageSizes,
  serviceTier: serviceTiers,
  objective: ['advice', 'cost'],
  owner: ['users', 'company'],
} as const;

/** Words that the format had once: what each is read as, and what to write instead. */
const former: Readonly<Record<string, { words: readonly string[]; meant: string; instead: string }>> = {
  objective: {
    words: ['balanced', 'quality'],
    meant: 'advice',
    instead: 'plans are no longer ranked by scores: write `advice`, or `cost` for the least cost alone',
  },
};

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

/** A word at a path, and the name that it is read as; `instead`: what to write, if any. */
type ReadAs = { path: Path; word: string; meant: string; instead: string | null };

/** Keys under which a deployment type may be named. */
const kindKeys = new Set(['only', 'exclude', 'kinds']);
/** Deployment types by what a report calls them, one of them or several. */
const kindCalled = new Map(
  kinds.flatMap((kind) => ['', 's'].map((plural) => [nameKey(`${kindNames[kind]}${plural}`), kind] as const)),
);

/** Of the forms of a card that a word may mean, the one of most offers to rent; null: no majority. */
function usualForm(word: string, { acceleratorOf, rental }: Tables): string | null {
  const parts = word.toLowerCase().split(/[\s_-]+/);
  const forms = [...acceleratorOf.keys()]
    .filter((name) => parts.every((part) => name.split('-').includes(part)))
    .map((name) => ({ name, offers: rental.filter(({ accelerator }) => accelerator === name).length }))
    .sort((a, b) => b.offers - a.offers);
  const [most, ...others] = forms;
  return most !== undefined && most.offers > others.reduce((sum, { offers }) => sum + offers, 0) ? most.name : null;
}

/**
 * Writes names as the format and the tables do, ignoring case, spaces, hyphens and underscores. All later code takes
 * names as they are. Changes `root`.
 *
 * @returns each other word that is read as one of them, because it can mean nothing else
 */
export function spellAsKnown(root: unknown, tables: Tables | undefined): ReadAs[] {
  const found: ReadAs[] = [];
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
  const readAs = (path: Path, word: string, meant: string, instead: string | null = null): string => {
    found.push({ path, word, meant, instead });
    return meant;
  };
  const spelled = (path: Path, key: string, word: unknown, regimes: readonly string[]): unknown => {
    if (typeof word !== 'string' || word.length > longestName) return word;
    const words = wordsOf(key);
    if (words.has(word)) return word;
    const once = Object.hasOwn(former, key) ? former[key] : undefined;
    if (once !== undefined && sameName(word, once.words) !== null) return readAs(path, word, once.meant, once.instead);
    // `baa:<provider>` and `<model>+thinking` are two names.
    const known = word.replace(/[^:+]+/g, (part) => (words.has(part) ? part : (sameName(part, words) ?? part)));
    if (tables === undefined || words.has(known) || known !== word) return known;
    const called = kindKeys.has(key) ? kindCalled.get(nameKey(word)) : undefined;
    if (called !== undefined) return called;
    const [meant, ...others] = key === 'kinds' ? kindsMeant(word, tables, regimes) : [];
    if (meant !== undefined && others.length === 0) return readAs(path, word, meant.kind);
    const only = key === 'accelerator' ? usualForm(word, tables) : onlyMeaning(key, word);
    return only !== null && words.has(only) ? readAs(path, word, only) : word;
  };
  const common = isMap(root) && isMap(root.data) ? textsIn(root.data.regimes) : [];
  const visit = (map: Record<string, unknown>, at: Path): void => {
    const regimes = map.regimes === undefined ? common : textsIn(map.regimes);
    for (const [key, value] of Object.entries(map)) {
      if (own.has(key)) continue;
      const path = [...at, key];
      if (typeof value === 'string')
        map[key] =
          lists.has(key) && at.length > 0
            ? [spelled([...path, 0], key, value, regimes)]
            : spelled(path, key, value, regimes);
      else if (isMap(value)) visit(value, path);
      else if (Array.isArray(value))
        for (const [index, item] of value.entries()) {
          if (isMap(item)) visit(item, [...path, index]);
          else value[index] = spelled([...path, index], key, item, regimes);
        }
    }
  };
  if (isMap(root)) visit(root, []);
  return found;
}

const textsIn = (value: unknown): string[] => [value].flat().filter((item): item is string => typeof item === 'string');

/** Longer than any name of the tables. */
const longestName = 200;
