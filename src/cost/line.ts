import type { Origin } from '../tables/tables.js';
import type { CostCurve } from './curve.js';

/** A formula as static text: what `explain` prints, with the unit of its result. */
export type Formula = { id: string; label: string; unit: string; text: string };

/** One line of a bill. The curve holds everything, one-offs spread over the horizon; `upfront` says how much is one-off. */
export type CostLine = {
  part: string;
  label: string;
  curve: CostCurve;
  upfront: number;
  working: Formula;
  sources: Origin[];
  /** Paid, or counted, once and not month by month: a month's bill is without it. */
  once?: true;
  /** Its one-off is paid when the horizon ends, not before the start. */
  atEnd?: true;
  /** The table has no rate for this provider, so another's stands in. */
  rateAssumed?: true;
};

/** Notes what a cost line was computed from; passed only when somebody wants to read it. */
export type Recorder = (
  formula: Formula,
  value: number,
  inputs: Record<string, number | string>,
  sources: readonly Origin[],
) => void;

/** No price can be given, and why. Never 0. */
export type Unpriced = { unpriced: string };
export const isUnpriced = (value: object): value is Unpriced => 'unpriced' in value;
