import type { Tables } from '../tables/tables.js';
import { isMap } from '../units/amount.js';
import { sameName } from '../units/problem.js';
import type { Path } from './source.js';
import { enums } from './words.js';
import { guessAt, guessesOf, isGuess, onlyMeaning } from './wrong-guesses.js';

/*
 * Habitual fields and the one field that each can mean: rows of guesses.ts. Ambiguous ones are among the hints of
 * wrong-guesses.ts. `tasks[]` is the task around, or from outside each task.
 */

/** How the value is written there, where not as it stands: see guesses.ts. */
type As = { is: 'unit' | 'yes' | 'member' | 'lone' | 'quality'; text: string };

type Habit = { key: string; means: string; as: As | null };

function asOf(text: string): As | null {
  const [is = '', ...rest] = text.split(': ');
  return is === '' ? null : { is: is as As['is'], text: rest.join(': ') };
}

/** Maps that there are not: what stands in them is meant as if it stood around them. */
const wrappers =
  'constraints, constraint, hard constraints, requirements, requirement, limits, security, privacy, performance, governance, compliance, slo, slos'.split(
    ', ',
  );

/** Of these, maps of limits: a number of requests may be a cap, not the load. */
const limiting = 'constraints, constraint, hard constraints, limits, performance, slo, slos'.split(', ');

export const isWrapper = (key: string, value: unknown): boolean =>
  isMap(value) && isGuess(wrappers, key) && !(isGuess(limiting, key) && Object.keys(value).some(countsLoad));

const countsLoad = (key: string): boolean =>
  sameName(key, ['volume']) !== null ||
  guessesOf('habit').some(({ guesses, says }) => says === 'workload.volume' && isGuess(guesses, key));

/** Maps about something other than requests, with all that is in them. */
const apart: ReadonlySet<unknown> = new Set([
  ...['team', 'budget', 'existing', 'devices', 'today', 'preferences', 'prices', 'assumptions', 'measured', 'expect'],
]);

const isThere = (path: Path, means: string): boolean => {
  const [root] = path;
  if (apart.has(root)) return means.startsWith(String(root));
  // Documents of a workload may be those that it reads or those that it searches.
  return !(root === 'workload' && means === 'needs.rag');
};

/** The one possible meaning of an unknown field; null: several or none. */
export function habitOf(path: Path, key: string, tables: Tables | undefined): Habit | null {
  const parent = String(path.findLast((step) => typeof step === 'string') ?? '');
  const found = guessAt('habit', parent, key, ({ says }) => isThere(path, says));
  const own = found?.at === '' ? undefined : found;
  // Of what stands in its map first, then fields that have a home, then all others.
  if (own === undefined)
    for (const { at, guesses } of guessesOf('home')) {
      const name = sameName(key, guesses);
      const means = at === '' ? `${name}` : `${at}.${name}`;
      if (name !== null && isThere(path, means)) return { key, means, as: null };
    }
  if (found !== undefined) return { key, means: found.says, as: asOf(found.as) };
  const law = regimeCalled(key, tables);
  const means = 'data.regimes';
  return law !== null && isThere(path, means) ? { key, means, as: { is: 'member', text: law } } : null;
}

const regimeCalled = (word: string, tables: Tables | undefined): string | null =>
  sameName(
    word,
    new Set(tables?.regimes.flatMap(({ regime, aliases }) => (regime === 'none' ? [] : [regime, ...aliases]))),
  );

/** A number without a unit, a range of two, or a share. */
const bare = /^[\d.,_]+ ?[kKmMB]?%?(?:\.\.[\d.,_]+ ?[kKmMB]?%?)?$/;
const yes = ['true', 'yes', 'y', 'on', 'signed', 'required'];

/** A value as the field that is meant has it; undefined: it does not say that. */
export function valueMeant(value: unknown, { means, as }: Habit, tables: Tables | undefined): unknown {
  if (value === null) return undefined;
  if (as === null) {
    const isList = /^data\.(?:regimes|residency|agreements|kinds)$/.test(means);
    return isList && typeof value === 'string' && value.includes(',') ? value.split(/\s*,\s*/) : value;
  }
  const { is, text } = as;
  if (is === 'unit') return bare.test(String(value)) ? `${value} ${text}` : value;
  if (is === 'lone') return isMap(value) ? value : Array.isArray(value) ? undefined : { [text]: value };
  if (is === 'quality') return qualityMeant(value, tables);
  if (!isGuess(yes, String(value))) return undefined;
  return text === 'true' ? true : text;
}

/** A tier or a model as a map of `capability`. */
function qualityMeant(value: unknown, tables: Tables | undefined): unknown {
  if (isMap(value)) return value;
  if (typeof value !== 'string') return undefined;
  const tier = sameName(value, enums.tier) ?? onlyMeaning('tier', value);
  if (tier !== null) return { tier };
  const model = sameName(value.replace(/\+thinking$/, ''), tables?.yardstickOf.keys() ?? []);
  return model === null ? undefined : { atLeast: value };
}

/** A lone value, or a lone entry, where a map or a list of maps is wanted; undefined: ambiguous. */
export function loneMeant(path: Path, value: unknown, tables: Tables | undefined): unknown {
  const key = path.at(-1);
  if (path.length === 1 && key === 'tasks')
    return isMap(value) ? [value] : typeof value === 'string' ? [{ type: value }] : undefined;
  if (path.length === 2 && path[0] === 'tasks' && typeof value === 'string') return { type: value };
  if (key === 'existing' && isMap(value)) return [value];
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (key === 'capability') return qualityMeant(value, tables);
  if (key === 'data') return { sensitivity: value };
  if (key === 'workload') return { volume: value };
  if (key === 'devices') return { count: value };
  if (key === 'team' && isGuess(['none', 'nobody', '0', 'no team'], String(value))) return { devops: 0, mlInfra: 0 };
  if (key === 'budget' && /(?:\/|\bper )\s*mo(?:nth)?$/i.test(String(value))) return { monthly: value };
  return undefined;
}

/** What else a word for sensitivity implies; null: ambiguous. */
export function sensitivityOf(
  word: string,
  kindsMeant: readonly string[],
  tables: Tables | undefined,
): { sensitivity: string; kinds?: string; regimes?: string } | null {
  if (isGuess(['personal', 'personal data', 'personal information', 'personally identifiable information'], word))
    return { sensitivity: 'pii' };
  const law = regimeCalled(word, tables);
  if (law !== null) return { sensitivity: 'regulated', regimes: law };
  const [kind, ...others] = kindsMeant;
  return kind === undefined || others.length > 0 ? null : { sensitivity: 'regulated', kinds: kind };
}
