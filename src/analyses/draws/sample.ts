import { settle } from '../../core/price.js';
import { cheapest } from '../../core/query.js';
import { drawn } from '../uncertainty/draws.js';
import type { UncertainInput } from '../uncertainty/input.js';
import { type Drawable, drawableOn } from './drawable.js';
import { pricing } from './pricing.js';

/** Rows that are best in some of the first draws, by what is minimized and by cost. */
export function bestRows({ field, effects, inputs }: Drawable, draws: number): Set<number> {
  const { priceAt } = pricing(field, effects, inputs);
  const values = new Float64Array(inputs.length);
  const best = new Set<number>();
  for (let k = 0; k < draws; k++) {
    const at = priceAt(drawn(inputs, k, values));
    for (const extra of [at.extra, null]) {
      const { found } = cheapest(at.priced, field.mask, extra);
      if (found >= 0) best.add(found);
    }
  }
  return best;
}

/** USD a month of every row, the task's own included, by cost and by what is minimized; infinite: it cannot serve. */
export type Costs = { usd: Float64Array; adjustedUsd: Float64Array };

/** Prices all rows at some values; costs hold until the next are asked for. */
export function costing({ field, effects, inputs }: Drawable): {
  costsAt: (values: Float64Array) => Costs;
  felt: ReadonlySet<number>;
} {
  const { priceAt, felt } = pricing(field, effects, inputs);
  const [usd, adjustedUsd] = [new Float64Array(field.rows.count), new Float64Array(field.rows.count)];
  const costsAt = (values: Float64Array): Costs => {
    const { priced, extra, taskUsd } = priceAt(values);
    for (let row = 0; row < priced.usd.length; row++) settle(priced, row);
    for (let row = 0; row < usd.length; row++) {
      usd[row] = field.mask[row] === 1 ? (priced.usd[row] as number) + taskUsd : Number.POSITIVE_INFINITY;
      adjustedUsd[row] = (usd[row] as number) + (extra[row] as number);
    }
    return { usd, adjustedUsd };
  };
  return { costsAt, felt };
}

/** Draws of the inputs, and what every row costs in each, at row x draws + draw. */
export type RowSample = {
  draws: number;
  /** At input x draws + draw; NaN where nothing depends on it. */
  values: Float64Array;
  usd: Float64Array;
  adjustedUsd: Float64Array;
  /** How many of the draws each row was priced in. */
  seen: Int32Array;
};

/**
 * Prices rows in every draw; those that count for more than so many times the best in each of the first draws in these alone.
 *
 * @param always rows that are priced in all of them
 */
export function sampled(
  whole: Drawable,
  draws: number,
  { first, upTo, always }: { first: number; upTo: number; always: readonly number[] },
): RowSample {
  const { field, inputs } = whole;
  const { count } = field.rows;
  const tried = Math.min(first, draws);
  const sample: RowSample = {
    draws,
    values: new Float64Array(inputs.length * draws).fill(Number.NaN),
    usd: new Float64Array(count * draws).fill(Number.POSITIVE_INFINITY),
    adjustedUsd: new Float64Array(count * draws).fill(Number.POSITIVE_INFINITY),
    seen: new Int32Array(count).fill(tried),
  };
  const all = Int32Array.from({ length: count }, (_, row) => row);
  priceInto(whole, all, 0, tried);
  const near = new Set(always);
  for (let k = 0; k < tried; k++) {
    const at = (row: number): number => sample.adjustedUsd[row * draws + k] as number;
    const least = all.reduce((best, row) => Math.min(best, at(row)), Number.POSITIVE_INFINITY);
    for (const row of all) if (at(row) <= upTo * least) near.add(row);
  }
  const { places, ...few } = drawableOn(whole, near);
  for (const row of places) sample.seen[row] = draws;
  priceInto(few, places, tried, draws);
  return sample;

  function priceInto(some: Drawable, rows: Int32Array, from: number, to: number): void {
    if (from === to) return;
    const { costsAt, felt } = costing(some);
    const which = inputs.flatMap(({ origin }, i) => (from === 0 || origin === 'user' || felt.has(i) ? [i] : []));
    const values = Float64Array.from(inputs, ({ likely }) => likely);
    for (let k = from; k < to; k++) {
      for (const i of which) {
        const { quantile, share } = inputs[i] as UncertainInput;
        values[i] = quantile(share(k));
        sample.values[i * draws + k] = values[i] as number;
      }
      const { usd, adjustedUsd } = costsAt(values);
      for (let at = 0; at < rows.length; at++) {
        const place = (rows[at] as number) * draws + k;
        sample.usd[place] = usd[at] as number;
        sample.adjustedUsd[place] = adjustedUsd[at] as number;
      }
    }
  }
}
