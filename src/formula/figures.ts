import type { Origin } from '../tables/tables.js';
import {
  difference,
  given,
  largest,
  parameter,
  predicted,
  product,
  quotient,
  type Source,
  stated,
  sum,
  type Traced,
} from './traced.js';

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
