import type { NumberInput } from './input.js';

const percent = 0.01;
/** Whole numbers below this go by 1, as 1 % of them is less. */
const smallWhole = 100;
const slack = 1e-9;

type Stepped = Pick<NumberInput, 'whole' | 'digits' | 'start' | 'low' | 'high'>;

/** The same number with fewer digits, no nearer to where the search began. */
export function roundedAway(value: number, input: Stepped): number {
  const { whole, digits, start, low, high } = input;
  const up = value > start;
  const size = Math.floor(Math.log10(Math.abs(value) || 1));
  // A power of ten below 1 is not exact, its reciprocal is.
  const places = digits - 1 - size;
  const scale = whole ? Math.min(places, 0) : places;
  const steps = scale >= 0 ? value * 10 ** scale : value / 10 ** -scale;
  const near = Math.round(steps);
  const whole_ = Math.abs(near - steps) <= slack * Math.abs(steps) ? near : up ? Math.ceil(steps) : Math.floor(steps);
  const text = scale >= 0 ? whole_ / 10 ** scale : whole_ * 10 ** -scale;
  return Math.min(high, Math.max(low, Number(text.toPrecision(12))));
}

/** One step back to where the search began: 1 %, or 1 for small whole numbers; no further than that. */
export function oneStepBack(to: number, { whole, start }: Pick<NumberInput, 'whole' | 'start'>): number {
  const size = whole && Math.abs(to) < smallWhole ? 1 : Math.abs(to) * percent;
  const back = to > start ? to - size : to + size;
  const kept = whole ? (to > start ? Math.floor(back) : Math.ceil(back)) : Number(back.toPrecision(12));
  return to > start ? Math.max(start, kept) : Math.min(start, kept);
}

/** Values from near the start to an end of the range: evenly over the logarithm where that goes. */
export function gridTo(end: number, { start, whole }: Pick<NumberInput, 'start' | 'whole'>, count: number): number[] {
  // Beside zero the first step is a small part of the way.
  const first = start === 0 || Math.sign(start) !== Math.sign(end) ? end / 10 ** (count - 1) : null;
  const values = Array.from({ length: count }, (_, i) =>
    first === null
      ? start * (end / start) ** ((i + 1) / count)
      : first * (end / first) ** (count === 1 ? 1 : i / (count - 1)),
  );
  const exact = values.map((value, i) => (i === count - 1 ? end : whole ? Math.round(value) : value));
  return [...new Set(exact)].filter((value) => value !== start);
}

/** Between two values: in the middle of their logarithms where both have the same sign. */
export const between = (a: number, b: number): number => (a * b > 0 ? Math.sign(a) * Math.sqrt(a * b) : (a + b) / 2);

/** Whether two values are too near each other to ask further in between. */
export const isClose = (a: number, b: number, whole: boolean, closeness: number): boolean =>
  (whole && Math.abs(a - b) <= 1) || Math.abs(a - b) <= closeness * Math.max(Math.abs(a), Math.abs(b));

/** How far a value is from another: by its logarithm; from zero, or across it, by how much of the range that is. */
export function distance(
  to: number,
  near: number,
  { low, high, outOf }: Pick<NumberInput, 'low' | 'high' | 'outOf'>,
): number {
  if (outOf !== undefined) return Math.abs(Math.log((outOf - to) / (outOf - near)));
  if (to * near > 0) return Math.abs(Math.log(to / near));
  return Math.log(1 + (100 * Math.abs(to - near)) / (high - low));
}
