import type { Reader } from './column.js';

const signs = ['=', '!=', '<', '<=', '>', '>='] as const;

/** A fact compared with words, a figure or another fact: `sensitivity = pii|regulated`, `requestsPerDay < 50000`. */
export type Condition = { fact: string; is: (typeof signs)[number]; values: string[] };

/** Values of conditions by name: figures and words, `yes` and `no` among them. A missing one is `unknown`. */
export type Facts = ReadonlyMap<string, number | string>;

const form = /^([A-Za-z][\w-]*)\s*(!=|<=|>=|=|<|>)\s*([\w.-]+(?:\|[\w.-]+)*)$/;

/** Reads one condition of a cell that has several, all of which must hold, with `;` between them. */
export const condition: Reader<Condition> = (cell) => {
  const [, fact, is, values] = form.exec(cell) ?? [];
  return fact === undefined || values === undefined
    ? { fault: { code: 'bad-condition', message: `"${cell}" is not a condition such as requestsPerDay < 50000` } }
    : { value: { fact, is: is as Condition['is'], values: values.split('|') } };
};

/** Whether a condition holds; a fact that is missing is no word but `unknown`, and on no side of a figure. */
export function holds({ fact, is, values }: Condition, facts: Facts): boolean {
  const known = facts.get(fact) ?? 'unknown';
  const others = values.map((value) => facts.get(value) ?? (Number.isNaN(Number(value)) ? value : Number(value)));
  if (is === '=') return others.includes(known);
  if (is === '!=') return !others.includes(known);
  const [other] = others;
  if (typeof known !== 'number' || typeof other !== 'number') return false;
  if (is === '<') return known < other;
  if (is === '<=') return known <= other;
  return is === '>' ? known > other : known >= other;
}

export const allHold = (conditions: readonly Condition[], facts: Facts): boolean =>
  conditions.every((one) => holds(one, facts));

/** Names in braces of a text, `{trimmedInput}` or `{upfrontCost:usd}`. */
export const factForm = /\{(\w+)(?::(\w+))?\}/g;

export const namesIn = (text: string): string[] => [...text.matchAll(factForm)].map(([, name = '']) => name);
