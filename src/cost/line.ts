import type { Formula } from '../formula/formula.js';
import { given, predicted, type Traced } from '../formula/traced.js';
import type { Origin } from '../tables/tables.js';
import { at, type CostCurve } from './curve.js';

/** What the size of a fleet is made of at a volume. */
export type FleetSize = { units(volume: number): Traced; hours(volume: number): Traced };

/** One line of a bill. The curve holds everything, one-offs spread over the horizon; `upfront` says how much is one-off. */
export type CostLine = {
  part: string;
  label: string;
  curve: CostCurve;
  upfront: number;
  working: Formula;
  /** The rows it rests on, each once. Told only when somebody asks: thousands of bills are made for what they come to. */
  sources(): Origin[];
  /** Paid, or counted, once and not month by month: a month's bill is without it. */
  once?: true;
  /** Its one-off is paid when the horizon ends, not before the start. */
  atEnd?: true;
  /** Months after whose end the same one-off is paid again, as what it bought is worn out. */
  again?: readonly number[];
  /** The table has no rate for this provider, so another's stands in. */
  rateAssumed?: true;
  /** What the line is made of at a volume of the axis; see `traceOf`. Built only when somebody asks. */
  trace?(volume: number): Traced;
  /** The same of what is paid up front. */
  traceUpfront?(): Traced;
  /** Of a fleet: its units at the busiest hour, spares included, and the unit-hours of an average month. */
  fleet?: FleetSize & {
    /** What the line, and what is paid up front, are made of where the fleet has another size. */
    sizedAs(size: FleetSize): Required<Pick<CostLine, 'trace' | 'traceUpfront'>>;
  };
};

/** What a line is made of, with its formula; one that does not say is a leaf with its rows. */
export function traceOf(line: CostLine, volume: number): Traced {
  const { label, curve, working } = line;
  const traced = line.trace?.(volume);
  return traced === undefined
    ? predicted(label, at(curve, volume), working.unit, working.text, [], ...line.sources())
    : { ...traced, label, formula: traced.formula ?? working.text };
}

/** What its money up front is made of. */
export const traceOfUpfront = (line: CostLine): Traced =>
  line.traceUpfront?.() ?? given(line.label, line.upfront, 'USD', ...line.sources());

/** No price can be given, and why. Never 0. */
export type Unpriced = { unpriced: string };
export const isUnpriced = (value: object): value is Unpriced => 'unpriced' in value;
