/**
 * Load: how often the workload is how busy. The hours of the whole horizon as multiples of the base volume (mean
 * requests a day of month 1), in descending order, so that "how many hours exceed x" is one binary search.
 */
export type Load = {
  /** Multiples of the base volume, descending. */
  multiple: Float64Array;
  /** Hours an average month spends at each multiple; they sum to the hours of a month. */
  weight: Float64Array;
  /** weightUpTo[i] = weight of the first i entries. */
  weightUpTo: Float64Array;
  /** energyUpTo[i] = sum of multiple x weight over the first i entries. */
  energyUpTo: Float64Array;
};

/** Hour by hour (week after week of every distinct month), all of equal weight: what can be added across tasks. */
export type Hours = Float64Array;

/** Mean requests a day are spread over `profile` (168 multipliers with mean 1) and grow month by month. */
export function hoursOf(profile: Float64Array, growthPerMonth: number, months: number): Hours {
  const distinct = growthPerMonth === 0 ? 1 : months;
  const hours = new Float64Array(profile.length * distinct);
  for (let month = 0; month < distinct; month++) {
    const factor = (1 + growthPerMonth) ** month;
    for (let hour = 0; hour < profile.length; hour++)
      hours[month * profile.length + hour] = (profile[hour] as number) * factor;
  }
  return hours;
}

/** Adds hours of several tasks, each times its own factor. A shorter series (no growth) repeats. */
export function addHours(parts: readonly { hours: Hours; factor: number }[]): Hours {
  const length = parts.reduce((most, { hours }) => Math.max(most, hours.length), 0);
  const sum = new Float64Array(length);
  for (const { hours, factor } of parts) {
    for (let hour = 0; hour < length; hour++)
      sum[hour] = (sum[hour] as number) + factor * (hours[hour % hours.length] as number);
  }
  return sum;
}

/** Sorts hours into a load-duration curve. */
export const durationCurve = (hours: Hours, hoursPerMonth: number): Load =>
  withSums(Float64Array.from(hours).sort().reverse(), hoursPerMonth);

/** A load in the order of the hours: for sums in which one part follows the volume and another does not. */
export const hourlyLoad = (hours: Hours, hoursPerMonth: number): Load => withSums(hours, hoursPerMonth);

function withSums(multiple: Float64Array, hoursPerMonth: number): Load {
  const weight = new Float64Array(multiple.length).fill(hoursPerMonth / multiple.length);
  const weightUpTo = new Float64Array(multiple.length + 1);
  const energyUpTo = new Float64Array(multiple.length + 1);
  for (let i = 0; i < multiple.length; i++) {
    weightUpTo[i + 1] = (weightUpTo[i] as number) + (weight[i] as number);
    energyUpTo[i + 1] = (energyUpTo[i] as number) + (weight[i] as number) * (multiple[i] as number);
  }
  return { multiple, weight, weightUpTo, energyUpTo };
}

/** Number of entries above `threshold`, by binary search. */
export function countAbove({ multiple }: Load, threshold: number): number {
  let low = 0;
  let high = multiple.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((multiple[middle] as number) > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The highest multiple. */
export const peakMultiple = ({ multiple }: Load): number => multiple[0] ?? 0;

/** Time-weighted mean multiple over the horizon: 1 without growth. */
export function meanMultiple({ weightUpTo, energyUpTo }: Load): number {
  const hours = weightUpTo[weightUpTo.length - 1] as number;
  return hours === 0 ? 0 : (energyUpTo[energyUpTo.length - 1] as number) / hours;
}
