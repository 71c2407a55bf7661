import type { Reader } from '../../units/amount.js';
import type { Problem } from '../../units/problem.js';
import { suggestion } from '../../units/problem.js';
import { durationReader, moneyReader, readShare, shareOf } from '../../units/readers.js';
import { exact, uncertainReader } from '../../units/uncertain.js';
import type { Decided } from '../compare/read-result.js';

/** How each rule is written. */
export const ruleForms = [
  'flip',
  'cost>8000',
  'cost>+10%',
  'cost>+500',
  'margin<5%',
  'probability<0.7',
  'stale>90d',
  'infeasible',
  'warning',
] as const;

/** A rule of `--fail-on` as read. */
export type Rule = { text: string } & (
  | { is: 'flip' | 'infeasible' | 'warning' }
  /** USD a month; `beyond` the baseline's: an amount, or a fraction of it. */
  | { is: 'cost'; above: number; beyond: 'nothing' | 'amount' | 'fraction' }
  /** A fraction of the advised plan's cost. */
  | { is: 'margin'; below: number }
  | { is: 'probability'; below: number }
  | { is: 'stale'; days: number }
);

const words = ['flip', 'infeasible', 'warning'] as const;
const compared = ['cost', 'margin', 'probability', 'stale'] as const;
const form = /^(?<name>[a-z]+)(?:\s*(?<sign>[<>])\s*(?<value>.*))?$/i;

const money = exact(moneyReader('months'));
const days = exact(durationReader('days'));
/** A share that may be more than the whole. */
const fraction = exact(
  uncertainReader({ what: 'a share', forms: '5% or 0.05', unit: '%|percent', toUnit: shareOf, least: 0 }),
);
const probability = exact(readShare);

/** Reads `--fail-on` rules, each once; all mistakes come at once. */
export function readRules(written: readonly string[]): { rules: Rule[]; problems: Problem[] } {
  const texts = written.filter((text, at) => written.findIndex((one) => one.trim() === text.trim()) === at);
  const read = texts.map((text) => readRule(text.trim()));
  return {
    rules: read.filter((one): one is Rule => !('message' in one)),
    problems: read.flatMap((one, index) => ('message' in one ? [bad(texts[index] ?? '', one)] : [])),
  };
}

type Refused = { message: string; suggestion: string };

function readRule(text: string): Rule | Refused {
  const { name = '', sign, value } = form.exec(text)?.groups ?? {};
  const word = words.find((each) => each === name);
  if (word !== undefined)
    return sign === undefined ? { text, is: word } : refused(`${word} takes no value`, `write ${word}`);
  const known = compared.find((each) => each === name);
  if (known === undefined) return refused(`\`${text}\` is no rule`, suggestion(name, [...words, ...compared], 'rules'));
  const example = ruleForms.find((each) => each.startsWith(known)) ?? '';
  const wanted = example.includes('<') ? '<' : '>';
  if (sign !== wanted || value === undefined || value === '' || value.startsWith('='))
    return refused(`${known} is compared with ${wanted}`, `write ${example}`);
  switch (known) {
    case 'margin':
      return withNumber(fraction, value, (below) => ({ text, is: known, below }));
    case 'probability':
      return withNumber(probability, value, (below) => ({ text, is: known, below }));
    case 'stale':
      return withNumber(days, value, (number) => ({ text, is: known, days: number }));
    case 'cost':
      return costRule(text, value);
  }
}

function costRule(text: string, value: string): Rule | Refused {
  const more = value.startsWith('+');
  const amount = more ? value.slice(1).trim() : value;
  if (!amount.endsWith('%'))
    return withNumber(money, amount, (above) => ({ text, is: 'cost', above, beyond: more ? 'amount' : 'nothing' }));
  if (!more)
    return refused(
      'a share needs something to be more than',
      `write cost>+${amount.replace(/^-/, '')}: above the baseline`,
    );
  return withNumber(fraction, amount, (above) => ({ text, is: 'cost', above, beyond: 'fraction' }));
}

function withNumber(reader: Reader<number>, text: string, rule: (value: number) => Rule): Rule | Refused {
  const read = reader(text);
  return read.ok ? rule(read.value) : refused(read.message, null);
}

const refused = (message: string, hint: string | null): Refused => ({
  message,
  suggestion: hint ?? `rules: ${ruleForms.join(', ')}`,
});

const bad = (argument: string, { message, suggestion: hint }: Refused): Problem => ({
  severity: 'error',
  code: 'bad-rule',
  file: '--fail-on',
  line: 1,
  column: 1,
  path: '',
  message,
  suggestion: hint,
  excerpt: argument,
});

/** Whether a rule compares with something earlier. */
export const needsBaseline = (rule: Rule): boolean =>
  rule.is === 'flip' || (rule.is === 'cost' && rule.beyond !== 'nothing');

/** Whether a rule is on the confidence of the advice. */
export const needsDraws = ({ is }: Rule): boolean => is === 'probability';

/** Results kept earlier, with the files of scenarios that could not be read then. */
export type Kept = { decided: readonly Decided[]; unread: readonly string[]; entries: number };

/** A scenario as it is looked for; `file` null: it came by standard input. */
type Wanted = { file: string | null; name: string };

/** The stored result of a scenario, or why it is ambiguous; neither: it is new. */
type Found = {
  decision: Decided | null;
  untold: string | null;
  /** It has another name: of this file, or of another where one of each remains. */
  unlike?: true;
  /** It could not be read then. */
  unread?: true;
};

/**
 * Finds stored results by the file of a scenario, else by its name. A result of a file that is checked too is of that
 * one: a copy under the same name is new. A single result always matches a single scenario.
 *
 * @param checked files of all scenarios that are looked for
 * @param fileOf a file by one name, however it was written; null: none
 */
export function keptResults(
  { decided, unread, entries }: Kept,
  checked: readonly (string | null)[],
  fileOf: (written: string) => string | null,
): (wanted: Wanted) => Found {
  const kept = decided.map((decision) => ({ decision, file: fileOf(decision.scenario.file) }));
  const failed = new Set(unread.map(fileOf));
  const asked = new Set(checked);
  const left = kept.filter(({ file }) => file === null || !asked.has(file));
  return ({ file, name }) => {
    const isNamed = ({ decision }: { decision: Decided }): boolean => decision.scenario.name === name;
    const ofFile = file === null ? [] : kept.filter((one) => one.file === file);
    const ofBoth = ofFile.filter(isNamed);
    if (ofBoth.length > 0) return oneOf(ofBoth);
    // In another folder another scenario may have had this file's name.
    if (ofFile.length > 0) return { ...oneOf(ofFile), unlike: true };
    if (file !== null && failed.has(file)) return unreadThen;
    const ofName = left.filter(isNamed);
    if (ofName.length > 0) return oneOf(ofName);
    if (file === null && failed.has(null)) return unreadThen;
    if (entries !== 1 || checked.length !== 1) return { decision: null, untold: null };
    const isOther = file !== null && kept.every((one) => one.file !== null);
    return { ...oneOf(kept), ...(isOther && { unlike: true as const }) };
  };
}

const unreadThen: Found = { decision: null, untold: null, unread: true };

/** Results that say the same are one. */
function oneOf(found: readonly { decision: Decided }[]): Found {
  const byText = new Map(found.map(({ decision }) => [JSON.stringify(decision), decision]));
  const [first = null] = byText.values();
  if (byText.size < 2) return { decision: first, untold: null };
  return { decision: null, untold: `${byText.size} results may be of this scenario, and they differ` };
}
