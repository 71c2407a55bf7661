import type { Demand } from '../scenario/demand.js';
import type { Origin, Tables } from '../tables/tables.js';

/** How a figure follows from its parts; `given`: it does not, it is a leaf. */
export type How = 'given' | 'sum' | 'product' | 'difference' | 'quotient' | 'largest' | 'rounded up';

/** A figure that knows where it comes from: a leaf names table rows or an assumption, the others how their parts make it. */
export type Traced = {
  label: string;
  value: number;
  unit: string;
  how: How;
  parts: readonly Traced[];
  sources: readonly Origin[];
  /** Name of the assumption the user may change; null: a table row, the scenario, or arithmetic. */
  assumption: string | null;
};

const none: readonly never[] = [];

/** A figure as a table or the scenario has it. */
export const given = (label: string, value: number, unit: string, ...sources: readonly Origin[]): Traced => ({
  label,
  value,
  unit,
  how: 'given',
  parts: none,
  sources,
  assumption: null,
});

/** A named parameter: the user's value, else the table's likely one, in its own unit. */
export function parameter(label: string, name: string, { demand, tables }: { demand: Demand; tables: Tables }): Traced {
  const row = tables.parameterOf.get(name);
  return {
    label,
    value: demand.assume(name),
    unit: row?.unit ?? '',
    how: 'given',
    parts: none,
    sources: row === undefined ? none : [{ table: row.table, row: row.row }],
    assumption: name,
  };
}

const compute: Readonly<Record<Exclude<How, 'given'>, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((total, x) => total + x, 0),
  product: (values) => values.reduce((total, x) => total * x, 1),
  difference: ([first = 0, ...rest]) => rest.reduce((left, x) => left - x, first),
  quotient: ([first = 0, ...rest]) => rest.reduce((left, x) => left / x, first),
  largest: (values) => values.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY),
  'rounded up': ([x = 0]) => Math.ceil(x),
};

const follows =
  (how: Exclude<How, 'given'>) =>
  (label: string, unit: string, ...parts: readonly Traced[]): Traced => ({
    label,
    value: compute[how](parts.map(({ value }) => value)),
    unit,
    how,
    parts,
    sources: none,
    assumption: null,
  });

export const sum = follows('sum');
export const product = follows('product');
/** The first part less all others. */
export const difference = follows('difference');
/** The first part over all others. */
export const quotient = follows('quotient');
export const largest = follows('largest');

/** The value that the leaves of a figure make: what `value` says, unless somebody's arithmetic is wrong. */
export const recomputed = ({ how, value, parts }: Traced): number =>
  how === 'given' ? value : compute[how](parts.map(recomputed));

/** All rows that a figure comes from, each once. */
export function sourcesOf({ sources, parts }: Traced): Origin[] {
  const seen = new Map<string, Origin>();
  for (const origin of [...sources, ...parts.flatMap(sourcesOf)]) seen.set(`${origin.table} ${origin.row}`, origin);
  return [...seen.values()];
}
