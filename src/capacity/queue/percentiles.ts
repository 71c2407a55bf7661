/** Over all requests. */
export type Percentiles = { mean: number; p50: number; p95: number; p99: number };

/** Of equally likely values, between neighbors by straight lines; reorders them. All 0 where there are none. */
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
 * The value that a share of some equally likely ones does not exceed; reorders them.
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

/** Puts the value of rank `rank` in its place, smaller ones before it and larger ones after it (Hoare's selection). */
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
