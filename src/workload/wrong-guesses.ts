import text from '../../pricing/catalog/guesses.tsv';
import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';
import { madeOnce } from '../units/memo.js';
import { nameKey, sameName } from '../units/problem.js';
import type { Path } from './source.js';

/**
 * What people write by guess or habit: `pricing/catalog/guesses.tsv`, compared as names are.
 *
 * - `field`, `word`: an unknown field or value, and what to write instead. `at`: the key around it, or of the value.
 * None
 * may loosen a data rule.
 * - `habit`: an unknown field with one possible meaning, which is read. `as`: how its value is written, if changed:
 * `unit`
 * behind a bare number, `yes` in place of `true`, `member` of a list in place of `true`, `lone` value of a map,
 * `quality`.
 * - `home`: fields with one place, written elsewhere.
 * - `kind`: everyday words for kinds of data; the regimes decide which is meant.
 * - `lone`: the meaning of a lone value (`$`) where a map is wanted. `as`: only a value of that form.
 * - `missing`: what to write where a field is missing.
 */
type Guess = { table: string; at: string; guesses: readonly string[]; says: string; as: string };

const all = madeOnce((): readonly Guess[] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [table, at, guesses, says, as] = line.split('\t') as [string, string, string, string, string];
      return { table, at, guesses: guesses.split(', '), says, as };
    }),
);

/** The rows of one table, in their order. */
export const guessesOf = (table: string): readonly Guess[] => all().filter((row) => row.table === table);

/** Whether a word is one of some. */
export const isGuess = (guesses: readonly string[], word: string): boolean =>
  guesses.some((guess) => nameKey(guess) === nameKey(word));

/** The row with a word in it among those at a key, then among those at none. */
export function guessAt(
  table: string,
  at: string,
  word: string,
  holds = (_: Guess): boolean => true,
): Guess | undefined {
  const rows = guessesOf(table).filter((row) => isGuess(row.guesses, word) && holds(row));
  return rows.find((row) => row.at === at && at !== '') ?? rows.find((row) => row.at === '');
}

/** What to write instead of a field that there is not, or null. */
export function fieldMeant(path: Path, key: string): string | null {
  const parent = String(path.findLast((step) => typeof step === 'string') ?? '');
  return guessAt('field', parent, key)?.says ?? null;
}

/** The replacement for an unknown word under the last key of a path, or null. */
export function wordMeant(path: Path, word: string): string | null {
  const key = String(path.findLast((step) => typeof step === 'string' && step !== word) ?? '');
  return guessAt('word', key === 'exclude' ? 'only' : key, word)?.says ?? null;
}

/** Names under a key, each with a synonym if any: `rag-answering (rag)`. */
export const withOtherWords = (key: string, names: readonly string[]): string =>
  names
    .map((name) => {
      const found = guessesOf('word').find(
        ({ at, says }) => at === key && says.startsWith(`write \`${key}: ${name}\``),
      );
      return found === undefined ? name : `${name} (${found.guesses[0]})`;
    })
    .join(', ');

/** Keys under which a wrong guess with one meaning is read as that. */
const read = new Set(['type', 'profile', 'only', 'exclude', 'residency', 'regimes', 'boundary', 'tier']);

/** The one name that a word can mean under a key, or null: where there are several. */
export function onlyMeaning(key: string, word: string): string | null {
  if (!read.has(key)) return null;
  const [, name = null] = /^write `(?:[a-z]+: )?([a-z0-9-]+)`$/.exec(wordMeant([key], word) ?? '') ?? [];
  return name;
}

const everydayKinds = (): { guesses: readonly string[]; kinds: string[] }[] =>
  guessesOf('kind').map(({ guesses, says }) => ({ guesses, kinds: says.split(', ') }));

/** Possible kinds of data for an everyday word, with regimes that have a rule for it: named ones if any. */
export function kindsMeant(
  word: string,
  { regimes }: Tables,
  named: readonly string[],
): { kind: string; regimes: string[] }[] {
  const meant = everydayKinds().find(({ guesses }) => isGuess(guesses, word))?.kinds ?? [];
  const all = meant.map((kind) => {
    const rows = regimes.filter(({ dataKind }) => dataKind === kind);
    return { kind, rows, regimes: [...new Set(rows.map(({ regime }) => regime))] };
  });
  const asked = all.filter(({ rows }) =>
    rows.some(({ regime, aliases }) => named.some((name) => sameName(name, [regime, ...aliases]) !== null)),
  );
  return (asked.length > 0 ? asked.slice(0, 1) : all).map(({ kind, regimes }) => ({ kind, regimes }));
}

/** Names in named regimes for a kind of data that only others have a rule for, with one of those. */
export function kindsUnder(
  kind: string,
  { regimes }: Tables,
  named: readonly string[],
): { kind: string; regime: string }[] {
  const asked = regimes.filter(({ regime, aliases }) =>
    named.some((name) => sameName(name, [regime, ...aliases]) !== null),
  );
  if (asked.some(({ dataKind }) => dataKind === kind)) return [];
  const alike = everydayKinds().flatMap(({ kinds }) => (kinds.includes(kind) ? kinds : []));
  return alike.flatMap((other) => {
    const row = asked.find(({ dataKind }) => dataKind === other);
    return row === undefined ? [] : [{ kind: other, regime: row.regime }];
  });
}

/** How a value that stands where a map or a list is wanted is written, or null. */
export function shapeMeant(path: Path, value: unknown): string | null {
  const key = String(path.at(-1) ?? '');
  if (isMap(value)) return `write a list: \`${key}:\`, and below it each entry behind a hyphen`;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).slice(0, 40);
  const found = guessesOf('lone').find(({ at, as }) => at === key && new RegExp(as).test(text));
  return found === undefined ? null : `write \`${found.says.replace('$', () => text)}\``;
}

/** What to write where a field is missing; null: its name says it. */
export const missingMeant = (path: Path): string | null =>
  guessesOf('missing').find(({ at }) => at === path.join('.'))?.says ?? null;
