import text from '../../pricing/catalog/guesses.tsv';
import { madeOnce } from '../units/memo.js';
import { nameKey } from '../units/suggest.js';

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
