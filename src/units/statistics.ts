import { madeOnce } from './memo.js';

/** Standard deviations from the middle to an end of a normal 80 % band. */
const endOfBand = 1.2815515655446004;

/** Standard normal distribution (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export function normalBelow(x: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(x) / Math.SQRT2));
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (polynomial * Math.exp(-(x * x) / 2)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** An uncertain figure with its 80 % band. */
export type Band = { middle: number; low: number; high: number };

/** Standard deviation of a normal distribution with a band. */
export const deviationOf = ({ low, high }: Pick<Band, 'low' | 'high'>): number => (high - low) / (2 * endOfBand);

/** Probability that `a` is at least `b`, both normal and independent. */
export function probabilityAtLeast(a: Band, b: Band): number {
  const deviation = Math.hypot(deviationOf(a), deviationOf(b));
  if (deviation === 0) return a.middle >= b.middle ? 1 : 0;
  return normalBelow((a.middle - b.middle) / deviation);
}

/**
 * Low-discrepancy numbers: Sobol points in groups of four dimensions, each group with its order and each dimension with
 * its digits shuffled by Owen's nested scrambling, as hashes (B. Burley, Practical hash-based Owen scrambling, JCGT
 * 9(4), 2020). The first 2^m points of a dimension lie one in each of 2^m equal parts of (0, 1), whatever the seed. A
 * dimension is keyed by its group and place in it, so that other inputs do not affect it.
 */

/** Dimensions of a group, whose points fill planes and cubes as evenly as lines. */
export const groupSize = 4;

/** The value of a dimension at an index (0, 1, …), in (0, 1). */
export type Dimension = (index: number) => number;

/** @param within place in the group, 0 to 3 */
export function dimensionOf(seed: number, group: string, within: number): Dimension {
  const start = hashOf(String(seed), 0);
  const order = hashOf(group, start);
  const digits = hashOf(`${group} ${within}`, start);
  const directions = directionsOf[within];
  if (directions === undefined) throw new Error(`a group has ${groupSize} dimensions`);
  return (index) => {
    let point = 0;
    for (let bit = 0, rest = nested(index, order); rest !== 0; bit++, rest >>>= 1)
      if ((rest & 1) === 1) point ^= directions[bit] as number;
    return (nested(point, digits) + 0.5) / 2 ** bits;
  };
}

/** Sobol's direction numbers (Joe and Kuo 2008): degree and inner coefficients of a polynomial, first odd numbers. */
const polynomials: readonly { degree: number; inner: number; first: readonly number[] }[] = [
  { degree: 0, inner: 0, first: [] },
  { degree: 1, inner: 0, first: [1] },
  { degree: 2, inner: 1, first: [1, 3] },
  { degree: 3, inner: 1, first: [1, 3, 1] },
];

const bits = 32;

const directionsOf: readonly Uint32Array[] = polynomials.map(({ degree, inner, first }) => {
  const found = new Uint32Array(bits);
  for (let i = 0; i < bits; i++) {
    if (degree === 0) found[i] = 1 << (bits - 1 - i);
    else if (i < degree) found[i] = (first[i] as number) << (bits - 1 - i);
    else {
      const back = found[i - degree] as number;
      let next = back ^ (back >>> degree);
      for (let k = 1; k < degree; k++) if (((inner >>> (degree - 1 - k)) & 1) === 1) next ^= found[i - k] as number;
      found[i] = next;
    }
  }
  return found;
});

/** Owen's scrambling: whether a binary digit turns depends on all digits before it. */
function nested(number: number, seed: number): number {
  let x = reversed(number);
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return reversed(x) >>> 0;
}

/** The bits of a 32-bit number from the last to the first. */
function reversed(number: number): number {
  let x = number;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}

/** A 32-bit hash of a text and a start (FNV-1a, then the finalizer of MurmurHash3). */
function hashOf(text: string, start: number): number {
  let x = (0x811c9dc5 ^ start) | 0;
  for (let i = 0; i < text.length; i++) x = Math.imul(x ^ text.charCodeAt(i), 0x01000193);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** A range of judgment: least, likely and most. */
export type ThreePointEstimate = { low: number; likely: number; high: number };

/** The value of a triangular distribution that a share does not exceed. */
export function triangularQuantile({ low, likely, high }: ThreePointEstimate, share: number): number {
  const whole = high - low;
  if (whole === 0) return low;
  return share < (likely - low) / whole
    ? low + Math.sqrt(share * whole * (likely - low))
    : high - Math.sqrt((1 - share) * whole * (high - likely));
}

/** Distance of the 10th from the 90th percentile of a standard normal. */
const p10ToP90 = 2.5631031310892007;

/** Lognormal through two percentiles: mean and standard deviation of the logarithm. */
export const lognormalFrom = (p10: number, p90: number): { mu: number; sigma: number } => ({
  mu: (Math.log(p10) + Math.log(p90)) / 2,
  sigma: (Math.log(p90) - Math.log(p10)) / p10ToP90,
});

/** Steps in which the area under a density is summed up. */
const pertSteps = 1024;

/**
 * Quantiles of a PERT distribution on [0, 1] with its peak at `peak`: Beta(1 + 4m, 5 - 4m). Its distribution function
 * is integrated on first use (Simpson's rule) and inverted between steps; good to 1e-4.
 */
export function pertQuantile(peak: number): (share: number) => number {
  const density = (x: number): number => x ** (4 * peak) * (1 - x) ** (4 * (1 - peak));
  const summed = madeOnce(() => {
    const below = new Float64Array(pertSteps + 1);
    let before = density(0);
    for (let i = 0; i < pertSteps; i++) {
      const [from, to] = [i / pertSteps, (i + 1) / pertSteps];
      const after = density(to);
      below[i + 1] = (below[i] as number) + before + 4 * density((from + to) / 2) + after;
      before = after;
    }
    return below;
  });
  return (share) => {
    const below = summed();
    const area = share * (below[pertSteps] as number);
    let low = 0;
    let high = pertSteps;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((below[middle] as number) <= area) low = middle;
      else high = middle;
    }
    const step = (below[high] as number) - (below[low] as number);
    return (low + (step === 0 ? 0 : (area - (below[low] as number)) / step)) / pertSteps;
  };
}
