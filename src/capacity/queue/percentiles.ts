/** Over all requests. */
export type Percentiles = { mean: number; p50: number; p95: number; p99: number };

/** Percentiles of equally likely values, interpolated; reorders them. All 0 without values. */
export function percentilesOf(values: Float64Array): Percentiles {
  const { length } = values;
  if (length === 0) return { mean: 0, p50: 0, p95: 0, p99: 0 };
  let sum = 0;
  for (const value of values) sum += value;
  // In rising order: each leaves the larger values behind it.
  const p50 = percentileOf(values, 0.5);
  const p95 = percentileOf(values, 0.95, Math.floor(placeOf(length, 0.5)));
  return { mean: sum / length, p50, p95, p99: percentileOf(values, 0.99, Math.floor(placeOf(length, 0.95))) };
}

/**
 * The value that a share of equally likely ones does not exceed; reorders them.
 *
 * @param from place before which no value is larger than any behind it
 */
export function percentileOf(values: Float64Array, share: number, from = 0): number {
  const { length } = values;
  const place = placeOf(length, share);
  const low = Math.floor(place);
  select(values, low, from);
  const below = values[low] as number;
  if (low === place) return below;
  let above = Number.POSITIVE_INFINITY;
  for (let each = low + 1; each < length; each++) above = Math.min(above, values[each] as number);
  return below + (place - low) * (above - below);
}

/** Where a share lies among so many sorted values, between two of them. */
const placeOf = (length: number, share: number): number => Math.min(length - 1, Math.max(0, share * length - 0.5));

/** Moves the value of rank `rank` to its place, smaller ones before it (Hoare's selection). */
function select(values: Float64Array, rank: number, from: number): void {
  let left = from;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((values[low] as number) < pivot) low++;
      while ((values[high] as number) > pivot) high--;
      if (low > high) break;
      const kept = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = kept;
    }
    if (rank <= high) right = high;
    else if (rank >= low) left = low;
    else return;
  }
}

/** Standard normal distribution: Hart's rational form (Wilmott's pages, G. West 2005), to 1e-14. */
export function normalBelow(z: number): number {
  const x = Math.abs(z);
  if (x > 37) return z > 0 ? 1 : 0;
  const bell = Math.exp((-x * x) / 2);
  let tail: number;
  if (x < 7.07106781186547) {
    const over =
      ((((((0.0352624965998911 * x + 0.700383064443688) * x + 6.37396220353165) * x + 33.912866078383) * x +
        112.079291497871) *
        x +
        221.213596169931) *
        x +
        220.206867912376) *
      bell;
    const under =
      ((((((0.0883883476483184 * x + 1.75566716318264) * x + 16.064177579207) * x + 86.7807322029461) * x +
        296.564248779674) *
        x +
        637.333633378831) *
        x +
        793.826512519948) *
        x +
      440.413735824752;
    tail = over / under;
  } else {
    tail = bell / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
  }
  return z > 0 ? 1 - tail : tail;
}

/** Normal quantile: Acklam's rational approximation, relative error 1.2e-9; finite within (0, 1). */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(Math.max(share, 1e-300)));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = share - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  );
}

/** A lattice rule: rank (i x generator^j mod size) / size of point i in dimension j. */
type Rule = { size: number; generator: number };

/** Good generators by the worst-case error P2 in five dimensions (Korobov; Sloan and Joe 1994). */
const ofRequests: Rule = { size: 509, generator: 91 };
const ofBatch: Rule = { size: 343, generator: 88 };
const ofRareBatch: Rule = { size: 83, generator: 16 };

/** Points of the lattice all percentiles are read from. */
export const points = ofRequests.size;

function ranks({ size, generator }: Rule, dimension: number): Float64Array {
  let step = 1;
  for (let power = 0; power < dimension; power++) step = (step * generator) % size;
  return Float64Array.from({ length: size }, (_, each) => (((each * step) % size) + 0.5) / size);
}

/** Prompts that arrive at a batch size: equally likely, with independent ranks. */
export type Arrivals = {
  /** Size of the batch: standard deviations from its mean. */
  batchZ: number;
  count: number;
  promptZ: Float64Array;
  beforeRank: Float64Array;
  beforeZ: Float64Array;
  afterRank: Float64Array;
  afterZ: Float64Array;
  elapsedRank: Float64Array;
};

const arrivals = (rule: Rule, batchZ: number): Arrivals => ({
  batchZ,
  count: rule.size,
  promptZ: ranks(rule, 1).map(normalQuantile),
  beforeRank: ranks(rule, 2),
  beforeZ: ranks(rule, 2).map(normalQuantile),
  afterRank: ranks(rule, 3),
  afterZ: ranks(rule, 3).map(normalQuantile),
  elapsedRank: ranks(rule, 4),
});

/** Requests by their time to first token: equally likely, ranks as above. */
type Lattice = {
  /** Three-point rule for a normal: a usual batch, a small and a large one. */
  arrivals: readonly Arrivals[];
  outputZ: Float64Array;
  batchZ: Float64Array;
  interferenceRank: Float64Array;
  interferenceZ: Float64Array;
  admissionRank: Float64Array;
};

let made: Lattice | null = null;

/** Fixed points that stand for all requests, so that predictions are pure functions. */
export function lattice(): Lattice {
  if (made === null) {
    const far = Math.sqrt(points / ofRareBatch.size / 2);
    made = {
      arrivals: [arrivals(ofRareBatch, -far), arrivals(ofBatch, 0), arrivals(ofRareBatch, far)],
      outputZ: ranks(ofRequests, 1).map(normalQuantile),
      interferenceRank: ranks(ofRequests, 2),
      interferenceZ: ranks(ofRequests, 2).map(normalQuantile),
      admissionRank: ranks(ofRequests, 3),
      batchZ: ranks(ofRequests, 4).map(normalQuantile),
    };
  }
  return made;
}
