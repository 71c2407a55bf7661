/** Width of a bin: a hundredth of its value. */
const step = Math.log(1.01);

/**
 * Counts of values in logarithmic bins 1 % wide: percentiles are exact to half of that. With mean and spread of the
 * logarithm.
 */
export class Histogram {
  count = 0;
  private readonly bins = new Map<number, number>();
  private zeros = 0;

  add(value: number): void {
    this.count++;
    if (value <= 0) this.zeros++;
    else {
      const bin = Math.round(Math.log(value) / step);
      this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    }
  }

  merge(other: Histogram): void {
    this.count += other.count;
    this.zeros += other.zeros;
    for (const [bin, count] of other.bins) this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
  }

  /** The least value that at least `share` of all values do not exceed; null: no values. */
  percentile(share: number): number | null {
    if (this.count === 0) return null;
    let left = share * this.count - this.zeros;
    if (left <= 0) return 0;
    const sorted = [...this.bins].sort(([a], [b]) => a - b);
    for (const [bin, count] of sorted) {
      left -= count;
      if (left <= 1e-9) return Math.exp(bin * step);
    }
    return Math.exp((sorted.at(-1)?.[0] ?? 0) * step);
  }

  /** Standard deviation of the logarithm; null for fewer than two values above 0. */
  spread(): number | null {
    const values = this.count - this.zeros;
    if (values < 2) return null;
    let [sum, squares] = [0, 0];
    for (const [bin, count] of this.bins) {
      sum += count * bin;
      squares += count * bin * bin;
    }
    return step * Math.sqrt(Math.max(0, (squares - (sum * sum) / values) / (values - 1)));
  }
}
