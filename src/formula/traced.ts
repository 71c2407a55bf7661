import type { Origin, Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import type { Workload } from '../workload/workload.js';

/** A formula as static text: what `explain` prints, with the unit of its result. */
export type Formula = { id: string; label: string; unit: string; text: string };

/** A formula of a cost line: its id is the part it makes, its result is USD a month. */
export const monthly = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });

/**
 * How a figure follows from its parts. `given`: a leaf. `predicted`: by more than arithmetic, named in `formula`; its
 * parts are the inputs, and it counts as a leaf.
 */
export type How =
  | 'given'
  | 'predicted'
  | 'sum'
  | 'product'
  | 'difference'
  | 'quotient'
  | 'largest'
  | 'smallest'
  | 'rounded up';

/** A figure with its origin: a leaf names table rows or an assumption, others their parts. */
export type Traced = {
  label: string;
  value: number;
  unit: string;
  how: How;
  parts: readonly Traced[];
  sources: readonly Origin[];
  /** Name of the assumption; null: a table row, the scenario, or arithmetic. */
  assumption: string | null;
  /** Path of the scenario that says it, or leaves it to a default. */
  path: string | null;
  /** How it comes about, in words, where its parts do not say. */
  formula: string | null;
};

/** What parameters are looked up in. */
export type Source = { workload: Workload; tables: Pick<Tables, 'parameterOf'> };

const none: readonly never[] = [];

// Made in one place, so that millions of figures share one shape.
const figure = (
  label: string,
  value: number,
  unit: string,
  how: How,
  parts: readonly Traced[],
  sources: readonly Origin[],
  assumption: string | null,
  path: string | null,
  formula: string | null,
): Traced => ({ label, value, unit, how, parts, sources, assumption, path, formula });

/** A figure as a table or the scenario has it. */
export const given = (label: string, value: number, unit: string, ...sources: readonly Origin[]): Traced =>
  figure(label, value, unit, 'given', none, sources, null, null, null);

/** A parameter in its own unit: the user's value, else the likely one. */
export function parameter(
  label: string,
  name: string,
  { workload, tables }: { workload: Pick<Workload, 'assume'>; tables: Source['tables'] },
): Traced {
  const row = tables.parameterOf.get(name);
  const sources = row === undefined ? none : [{ table: row.table, row: row.row }];
  return figure(label, workload.assume(name), row?.unit ?? '', 'given', none, sources, name, null, null);
}

/** A figure as the scenario says it at a path, or as a default stands in for it. */
export const stated = (label: string, value: number, unit: string, path: string): Traced =>
  figure(label, value, unit, 'given', none, none, null, path, null);

/** A figure that a formula in words makes of its parts. */
export const predicted = (
  label: string,
  value: number,
  unit: string,
  formula: string,
  parts: readonly Traced[],
  ...sources: readonly Origin[]
): Traced => figure(label, value, unit, 'predicted', parts, sources, null, null, formula);

/** How a figure is made of others by arithmetic. */
type Arithmetic = Exclude<How, 'given' | 'predicted'>;

// Rounding error above a whole number, as in the sizing of fleets.
const slack = 1e-9;

/** How values combine, from the first on; `first`: the result without any. */
type Fold = { first: number; next(so: number, x: number): number };

const folds: Readonly<Record<Arithmetic, Fold>> = {
  sum: { first: 0, next: (total, x) => total + x },
  product: { first: 1, next: (total, x) => total * x },
  difference: { first: 0, next: (left, x) => left - x },
  quotient: { first: 0, next: (left, x) => left / x },
  largest: { first: Number.NEGATIVE_INFINITY, next: Math.max },
  smallest: { first: Number.POSITIVE_INFINITY, next: Math.min },
  'rounded up': { first: 0, next: (whole) => whole },
};

/** Parts that are null go without saying. */
type Parts = readonly (Traced | null)[];
const said = (all: Parts): readonly Traced[] =>
  (all.includes(null) ? all.filter((part) => part !== null) : all) as Traced[];

const follows = (how: Arithmetic) => {
  const { first, next } = folds[how];
  return (label: string, unit: string, ...all: Parts): Traced => {
    const parts = said(all);
    let value = parts[0]?.value ?? first;
    for (let i = 1; i < parts.length; i++) value = next(value, (parts[i] as Traced).value);
    const shown = how === 'rounded up' ? Math.ceil(value * (1 - slack)) : value;
    return figure(label, shown, unit, how, parts, none, null, null, null);
  };
};

export const sum = follows('sum');
export const product = follows('product');
/** The first part less all others. */
export const difference = follows('difference');
/** The first part over all others. */
export const quotient = follows('quotient');
export const largest = follows('largest');
export const smallest = follows('smallest');
/** The fewest whole units that hold a part. */
export const roundedUp = follows('rounded up');

/** A sum, or its only part under that part's own name. */
export function sumOf(label: string, unit: string, all: Parts): Traced {
  const parts = said(all);
  return parts.length === 1 ? (parts[0] as Traced) : sum(label, unit, ...parts);
}

/** A product, or its only factor under that factor's own name. */
export function productOf(label: string, unit: string, all: Parts): Traced {
  const factors = said(all);
  return factors.length === 1 ? (factors[0] as Traced) : product(label, unit, ...factors);
}

/** The same figure under another name. */
export const named = (label: string, traced: Traced): Traced => ({ ...traced, label });

/** A figure whose leaf of the same value, with the same row or none, gets its parts. */
export function refined(traced: Traced, told: Traced): Traced {
  const { how, value, parts, sources, label } = traced;
  const rows = sourcesOf(told);
  const same = sources.every((own) => rows.some(({ table, row }) => table === own.table && row === own.row));
  if (how === 'given' && value === told.value && traced.unit === told.unit && same) return { ...told, label };
  return parts.length === 0 ? traced : { ...traced, parts: parts.map((part) => refined(part, told)) };
}

/** All rows that a figure comes from, each once. */
export const sourcesOf: (traced: Traced) => Origin[] = perObject(({ sources, parts }: Traced) =>
  eachOnce([...sources, ...parts.flatMap(sourcesOf)]),
);

/** Every row of some once. */
export const eachOnce = (origins: readonly Origin[]): Origin[] => [
  ...new Map(origins.map((origin) => [`${origin.table} ${origin.row}`, origin])).values(),
];

/**
 * The arithmetic of cost formulas: figures with their sources (`traced`) for bills, or plain numbers (`numbers`) for
 * searches.
 */
export type Figures<Figure> = {
  /** A traced figure as this arithmetic has it. */
  of(traced: Traced): Figure;
  valueOf(figure: Figure): number;
  given(label: string, value: number, unit: string, ...sources: readonly Origin[]): Figure;
  parameter(label: string, name: string, source: Pick<Source, 'tables'> & { workload: Assuming }): Figure;
  stated(label: string, value: number, unit: string, path: string): Figure;
  predicted(label: string, value: number, unit: string, formula: string, parts: readonly Figure[]): Figure;
  sum: Operation<Figure>;
  product: Operation<Figure>;
  /** The first part less all others. */
  difference: Operation<Figure>;
  /** The first part over all others. */
  quotient: Operation<Figure>;
  largest: Operation<Figure>;
};
type Operation<Figure> = (label: string, unit: string, ...parts: readonly Figure[]) => Figure;
type Assuming = Pick<Source['workload'], 'assume'>;

export const traced: Figures<Traced> = {
  of: (figure) => figure,
  valueOf: ({ value }) => value,
  ...{ given, parameter, stated, predicted, sum, product, difference, quotient, largest },
};

const from =
  (next: (so: number, part: number) => number): Operation<number> =>
  (_label, _unit, first = 0, ...parts) =>
    parts.reduce(next, first);

export const numbers: Figures<number> = {
  of: ({ value }) => value,
  valueOf: (value) => value,
  given: (_, value) => value,
  parameter: (_, name, { workload }) => workload.assume(name),
  stated: (_, value) => value,
  predicted: (_, value) => value,
  sum: from((so, part) => so + part),
  product: from((so, part) => so * part),
  difference: from((so, part) => so - part),
  quotient: from((so, part) => so / part),
  largest: from((so, part) => Math.max(so, part)),
};
