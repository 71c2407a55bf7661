import { exact, uncertainReader } from '../../units/uncertain.js';
import type { Problem } from '../../units/problem.js';
import { durationReader, moneyReader, readShare, shareOf } from '../../units/readers.js';


import type { Reader } from '../../units/reading.js';
import { suggestion } from '../../units/suggest.js';

import { ruleForms } from './rule-forms.js';

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

/** Whether a rule asks how sure the advice is. */
export const needsDraws = ({ is }: Rule): boolean => is === 'probability';
