import type { Traced } from '../../src/formula/traced.js';

type Fold = [first: number, next: (so: number, x: number) => number];
const folds: Record<Exclude<Traced['how'], 'given' | 'predicted'>, Fold> = {
  sum: [0, (so, x) => so + x],
  product: [1, (so, x) => so * x],
  difference: [0, (so, x) => so - x],
  quotient: [0, (so, x) => so / x],
  largest: [Number.NEGATIVE_INFINITY, Math.max],
  smallest: [Number.POSITIVE_INFINITY, Math.min],
  'rounded up': [0, (so) => so],
};

/** The value that the leaves of a figure make: what `value` says, unless somebody's arithmetic is wrong. */
export function recomputed({ how, value, parts }: Traced): number {
  if (how === 'given' || how === 'predicted') return value;
  const [empty, next] = folds[how];
  const [first = empty, ...others] = parts.map(recomputed);
  const made = others.reduce((so, x) => next(so, x), first);
  return how === 'rounded up' ? Math.ceil(made * (1 - 1e-9)) : made;
}
