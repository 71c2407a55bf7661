import { type Metric, metrics } from '../capacity/bands.js';
import type { Doubt } from '../capacity/doubts.js';
import { factorNames } from '../capacity/efficiency.js';
import { shareOf } from './calibrate.js';
import type { Scored } from './cross-validate.js';

/** How wrong predictions are in one metric. Percentages are of the measured value. */
export type MetricErrors = {
  metric: Metric;
  samples: number;
  sources: number;
  /** Share of samples with a prediction. */
  answered: number;
  /** Median absolute percentage error over all samples, and the median over sources of their medians. */
  medianPct: number;
  medianOfSourcesPct: number;
  /** Share of samples inside the 80 % band. */
  covered: number | null;
};

const percent = 100;

/** Absolute error of a prediction in percent of what was measured; a missing one counts as endlessly wrong. */
export const errorPct = ({ error }: Scored): number =>
  error === null ? Number.POSITIVE_INFINITY : Math.abs(Math.exp(error) - 1) * percent;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The value below which a share of the weight lies. */
export function quantile(values: readonly { value: number; weight: number }[], share: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  for (const { value, weight } of sorted) {
    seen += weight;
    if (seen >= share * total) return value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
}

export function errorsBy<Key>(scored: readonly Scored[], keyOf: (scored: Scored) => Key): Map<Key, Scored[]> {
  const groups = new Map<Key, Scored[]>();
  for (const each of scored) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** Errors by metric; `inBand` tells whether a measured value lies in the band of its prediction. */
export function metricErrors(
  scored: readonly Scored[],
  inBand: ((scored: Scored) => boolean) | null = null,
): MetricErrors[] {
  return metrics.map((metric) => {
    const own = scored.filter(({ sample }) => sample.metric === metric);
    const bySource = [...errorsBy(own, ({ sample }) => sample.source).values()];
    return {
      metric,
      samples: own.length,
      sources: bySource.length,
      answered: own.filter(({ error }) => error !== null).length / own.length,
      medianPct: median(own.map(errorPct)),
      medianOfSourcesPct: median(bySource.map((rows) => median(rows.map(errorPct)))),
      covered: inBand === null ? null : own.filter(inBand).length / own.length,
    };
  });
}

export type Band = { metric: Metric; low: number; high: number; samples: number };
export type Widening = { doubt: Doubt; widening: number; samples: number };

const [lowShare, highShare] = [0.1, 0.9];
/** A doubt that few measurements bear out counts as this much, as strongly as so many of them. */
const priorWidening = 1.3;
const priorSamples = 20;

/**
 * The 80 % band of measured over predicted by metric, over samples about which nothing is in doubt, each counting less the
 * more its source has; and by how much more the logarithms scatter where something is.
 */
export function bandsOf(
  scored: readonly Scored[],
  doubtsOf: (scored: Scored) => readonly Doubt[],
  doubts: readonly Doubt[],
  sourcePower: number,
): { bands: Band[]; widenings: Widening[] } {
  const known = scored.filter((each): each is Scored & { error: number } => each.error !== null);
  const bands = metrics.map((metric): Band => {
    const own = known.filter((each) => each.sample.metric === metric && doubtsOf(each).length === 0);
    const sizes = errorsBy(own, ({ sample }) => sample.source);
    const weighed = own.map(({ error, sample }) => ({
      value: -error,
      weight: shareOf((sizes.get(sample.source) as Scored[]).length, sourcePower),
    }));
    return {
      metric,
      low: Math.exp(quantile(weighed, lowShare)),
      high: Math.exp(quantile(weighed, highShare)),
      samples: own.length,
    };
  });
  const widenings = doubts.map((doubt): Widening => {
    const own = known.filter((each) => doubtsOf(each).includes(doubt));
    const ratios = own.map(({ error, sample }) => {
      const band = bands.find(({ metric }) => metric === sample.metric) as Band;
      return { value: error < 0 ? -error / Math.log(band.high) : error / -Math.log(band.low), weight: 1 };
    });
    const seen = own.length === 0 ? priorWidening : quantile(ratios, highShare - lowShare);
    const share = own.length / (own.length + priorSamples);
    return { doubt, widening: Math.max(1, share * seen + (1 - share) * priorWidening), samples: own.length };
  });
  return { bands, widenings };
}

/** A plain roofline in the form of fitted factors: two shares of peak rates, nothing fixed, nothing lost. */
export const rooflineFactors = (bandwidth: number, compute: number) =>
  factorNames.map((factor) => ({
    factor,
    value: factor.endsWith('S')
      ? Number.MIN_VALUE
      : factor === 'bandwidth'
        ? bandwidth
        : factor === 'decodeCompute' || factor === 'prefillCompute'
          ? compute
          : 1,
  }));
