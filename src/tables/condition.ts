import type { Reader } from './column.js';

const signs = ['=', '!=', '<', '<=', '>', '>='] as const;

/** A fact compared with words, a figure or another fact: `sensitivity = pii|regulated`, `requestsPerDay < 50000`. */
export type Condition = { fact: string; is: (typeof signs)[number]; values: string[] };

/** Values of conditions by name: figures and words, with `yes` and `no`. A missing one is `unknown`. */
export type Facts = ReadonlyMap<string, number | string>;

const form = /^([A-Za-z][\w-]*)\s*(!=|<=|>=|=|<|>)\s*([\w.-]+(?:\|[\w.-]+)*)$/;

/** Reads one condition of a cell with several, separated by `;`, which must all hold. */
export const condition: Reader<Condition> = (cell) => {
  const [, fact, is, values] = form.exec(cell) ?? [];
  return fact === undefined || values === undefined
    ? { fault: { code: 'bad-condition', message: `"${cell}" is not a condition such as requestsPerDay < 50000` } }
    : { value: { fact, is: is as Condition['is'], values: values.split('|') } };
};

/** Whether a condition holds; a missing fact equals only `unknown`, and no comparison of it holds. */
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
