import { needsDraws, type Rule } from '../analyses/check/rules.js';
import type { Problem } from '../units/problem.js';
import { usageProblem } from './io.js';

/** The words that may be options. */
export const optionsIn = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

/**
 * Whether the command line wants JSON: a document, or one a line; null: no. Read by hand, as command line errors are
 * JSON too.
 */
export function jsonWanted(argv: readonly string[]): 'json' | 'jsonl' | null {
  const options = optionsIn(argv);
  // Flags without a value may stand before the `f`, in one word.
  const asked = (name: string): boolean =>
    options.some((word, index) => {
      const [, value] = /^(?:--format=|-[qhV]*f)(.*)$/s.exec(word) ?? [];
      return (word === '--format' || value === '' ? options[index + 1] : value) === name;
    });
  return asked('json') ? 'json' : asked('jsonl') ? 'jsonl' : null;
}

/** Spaces of indent of a document in that form. */
export const indentOf = (form: string): number => (form === 'jsonl' ? 0 : 2);

/** Options of a command as commander gives them. */
export type Values = { readonly [option: string]: string | boolean | string[] | undefined };

/** Rules that only draws can answer, where `--point` leaves these out. */
export function undrawn(point: true | undefined, rules: readonly Rule[]): Problem[] {
  const asking = rules.filter(needsDraws).map(({ text }) => text);
  if (point !== true || asking.length === 0) return [];
  return [usageProblem(`${asking.join(', ')} asks for simulations, which --point leaves out`, 'give one of them')];
}
