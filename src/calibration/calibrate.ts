import type { Neighbors, Residual } from '../capacity/machine.js';
import { type Efficiency, efficiencyAt, factorNames, linkOf, matches, type Setting } from '../capacity/machine.js';
import type { Measurement } from '../capacity/measurement.js';
import { type BandFactors, type Doubt, type Metric, metrics } from '../capacity/model-work.js';
import {
  type CapacityAssumptions,
  correctedRun,
  type Prediction,
  predictRun,
  type Run,
  type RunOf,
} from '../capacity/run.js';
import type { EfficiencyRow } from '../tables/columns.js';
import { type Fit, fitRobust } from './fit.js';

/** What each metric says, for people. */
export const metricTitles: { readonly [Name in Metric]: string } = {
  system: 'system throughput, output tokens/s',
  single: 'single stream, tokens/s',
  tpot: 'TPOT, closed loop',
  tpotOpen: 'TPOT, open loop',
  ttft: 'TTFT, low load',
  prefill: 'prefill, tokens/s',
};

export type Observation = { metric: Metric; value: number };

const msPerS = 1000;
/** With more requests in flight than this, TTFT is more queueing than computing. */
const lowLoad = 8;

/** What can be compared with a prediction. Seconds and tokens a second. */
export function observationsOf(measured: Measurement, { run }: RunOf): Observation[] {
  const { outputTokensPerS, prefillTokensPerS, ttftMsP50, tpotMsP50, outputTokens } = measured;
  const { arrivals } = run;
  const found: Observation[] = [];
  const note = (metric: Metric, value: number | null) => {
    if (value !== null && value > 0) found.push({ metric, value });
  };
  const one = measured.concurrency === 1 && arrivals.is !== 'open';
  if (outputTokens > 0) note(one ? 'single' : 'system', outputTokensPerS);
  note('prefill', prefillTokensPerS);
  const tpotS = tpotMsP50 === null ? null : tpotMsP50 / msPerS;
  const ttftS = ttftMsP50 === null ? null : ttftMsP50 / msPerS;
  if (arrivals.is === 'open') note('tpotOpen', tpotS);
  else if (arrivals.is !== 'backlog' && !one) note('tpot', tpotS);
  const inFlight =
    arrivals.is === 'open' ? arrivals.ratePerS * ((ttftS ?? 0) + outputTokens * (tpotS ?? 0)) : measured.concurrency;
  if (arrivals.is !== 'backlog' && inFlight !== null && inFlight <= lowLoad) note('ttft', ttftS);
  return found;
}

/** The same quantity of a prediction; null where it makes no claim. */
export function predictedOf(metric: Metric, prediction: Prediction, { rateCovers, run }: RunOf): number | null {
  switch (metric) {
    case 'system':
    case 'single':
      // Prefill and decode measured apart: the rate is of decode alone.
      return rateCovers === 'decode' ? prediction.decodeTokensPerS : prediction.outputTokensPerS;
    case 'prefill':
      return prediction.prefillTokensPerS;
    case 'ttft':
      return prediction.ttftS;
    case 'tpot':
    case 'tpotOpen':
      return run.tokens.output > 0 ? prediction.tpotS : null;
  }
}

/** One measured quantity of one run. */
export type Sample = Observation & { of: RunOf; source: string; released: string };

/** How the fit counts what it is given; kept with its result. */
export type FitSettings = {
  /** Weight of a metric, and the power of a source's number of rows by which each counts less. */
  weight: { readonly [Name in Metric]: number };
  sourcePower: number;
  /** A usual error of a logarithm, and degrees of freedom of Student's t, which gives larger ones less weight. */
  scale: number;
  degrees: number;
};

/** Where a run's factors are looked up. */
export const settingOf = ({ engine, accelerator }: Run): Setting => ({
  engineGroup: engine.group,
  servingClass: accelerator.servingClass,
  link: linkOf(accelerator),
});

/** Logarithm of predicted over measured; null: no prediction. `residuals` correct it; none: as computed. */
export function errorOf(
  sample: Sample,
  e: Efficiency,
  assumed: CapacityAssumptions,
  residuals: readonly Residual[] = [],
): number | null {
  const prediction = predictRun(correctedRun(sample.of.run, e, assumed, residuals).run, e, assumed);
  const value = prediction === null ? null : predictedOf(sample.metric, prediction, sample.of);
  return value === null || !(value > 0) ? null : Math.log(value / sample.value);
}

/**
 * Fits the factors of `rows` to samples: the logarithm of each row's value over its prior has a Gaussian prior of
 * `priorSdLog`. Returns the rows with new values and 80 % intervals.
 *
 * @param from rows of an earlier fit to start from; their values are not priors
 */
export function calibrate(
  samples: readonly Sample[],
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
  settings: FitSettings,
  from: readonly EfficiencyRow[] = rows,
  steps?: number,
): { rows: EfficiencyRow[]; fit: Fit } {
  const groups = groupBySetting(samples, rows);
  const counts = new Map<string, number>();
  for (const { source, metric } of samples)
    counts.set(`${source} ${metric}`, (counts.get(`${source} ${metric}`) ?? 0) + 1);
  const at = (theta: Float64Array): EfficiencyRow[] =>
    rows.map((row, k) => ({ ...row, value: row.prior * Math.exp(theta[k] as number) }));
  const solved = fitRobust(
    {
      residuals(theta, out, only) {
        const now = at(theta);
        const known = new Map<string, Efficiency>();
        const one = (i: number) => {
          const key = groups.keys[i] as string;
          let e = known.get(key);
          if (e === undefined) {
            e = efficiencyAt(now, groups.settings.get(key) as Setting);
            known.set(key, e);
          }
          out[i] = errorOf(samples[i] as Sample, e, assumed) ?? 0;
        };
        for (const i of only ?? samples.keys()) one(i);
      },
      touches: groups.touches,
      count: samples.length,
      weight: Float64Array.from(
        samples,
        ({ metric, source }) =>
          settings.weight[metric] * shareOf(counts.get(`${source} ${metric}`) as number, settings.sourcePower),
      ),
      priorSd: Float64Array.from(rows, ({ priorSdLog }) => priorSdLog),
      scale: settings.scale,
      degrees: settings.degrees,
    },
    Float64Array.from(rows, (row, k) => Math.log((from[k] as EfficiencyRow).value / row.prior)),
    steps,
  );
  const fitted = at(solved.theta).map((row, k) => {
    const spread = Math.exp(eightyPercent * (solved.sd[k] as number));
    return { ...row, low: row.value / spread, high: row.value * spread };
  });
  return { rows: fitted, fit: solved };
}

/** Weight of each of `count` rows: count^-power, by logarithms, which are equal on every Node. */
export const shareOf = (count: number, power: number): number => Math.exp(-power * Math.log(count));

/** Standard deviations on either side that hold 80 % of a normal distribution. */
const eightyPercent = 1.2816;

function groupBySetting(samples: readonly Sample[], rows: readonly EfficiencyRow[]) {
  const settings = new Map<string, Setting>();
  const members = new Map<string, number[]>();
  const keys = samples.map(({ of }, i) => {
    const setting = settingOf(of.run);
    const key = `${setting.engineGroup}/${setting.servingClass}/${setting.link}`;
    settings.set(key, setting);
    const list = members.get(key) ?? [];
    members.set(key, list);
    list.push(i);
    return key;
  });
  const touches = rows.map((row) =>
    [...settings].flatMap(([key, setting]) => (matches(row, setting) ? (members.get(key) as number[]) : [])),
  );
  return { settings, keys, touches };
}

/** Metrics that are of decode, and whether they are a time or a rate. */
const ofDecode: { readonly [Name in Metric]?: 1 | -1 } = { system: 1, single: 1, tpot: -1 };

/**
 * Mean difference of decode measurements from predictions, by model, card, engine group, publisher and batch (to the
 * next power of two).
 */
export function residualsOf(
  samples: readonly Sample[],
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
): (Residual & { rows: number })[] {
  const groups = new Map<string, Residual & { rows: number }>();
  for (const sample of samples) {
    const { run } = sample.of;
    const sign = ofDecode[sample.metric];
    const e = efficiencyAt(rows, settingOf(run));
    const error = sign === undefined || run.engine.group === '' ? null : errorOf(sample, e, assumed);
    if (sign === undefined || error === null) continue;
    const inFlight = predictRun(run, e, assumed)?.batch ?? 1;
    const setting = {
      modelFamily: run.model.family,
      accelerator: run.accelerator.accelerator,
      engineGroup: run.engine.group,
      servingClass: run.accelerator.servingClass,
      publisher: sample.source,
      batch: 2 ** Math.round(Math.log2(inFlight)),
    };
    const key = Object.values(setting).join('\n');
    const { logError, rows: count, released } = groups.get(key) ?? { logError: 0, rows: 0, released: sample.released };
    groups.set(key, {
      ...setting,
      logError: (logError * count + sign * error) / (count + 1),
      rows: count + 1,
      released: (released < sample.released ? released : sample.released) as Residual['released'],
    });
  }
  const order = (row: Residual) =>
    [row.modelFamily, row.accelerator, row.engineGroup, row.publisher, String(row.batch).padStart(8)].join('\n');
  return [...groups.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Groups that are left out together in cross-validation. */
export const folds = {
  source: ({ source }: Sample) => source,
  hardware: ({ of }: Sample) => of.run.accelerator.accelerator,
  model: ({ of }: Sample) => of.run.model.family,
} as const;
export type Fold = keyof typeof folds;

/**
 * A sample, the logarithm of predicted over measured (null: no prediction), and its factors; the same corrected by
 * others' measurements, and their weight (null, or absent: none).
 */
export type Scored = {
  sample: Sample;
  error: number | null;
  rows: readonly EfficiencyRow[];
  corrected?: number | null;
  neighbors?: Neighbors | null;
};

export const score = (
  samples: readonly Sample[],
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
  residuals: readonly Residual[] = [],
): Scored[] =>
  samples.map((sample) => {
    const e = efficiencyAt(rows, settingOf(sample.of.run));
    const error = errorOf(sample, e, assumed);
    const { neighbors } = correctedRun(sample.of.run, e, assumed, residuals);
    const near = neighbors !== null && neighbors.weight > 0;
    const corrected = near ? errorOf(sample, e, assumed, residuals) : error;
    return { sample, error, rows, corrected, neighbors: near ? neighbors : null };
  });

/** Steps of a fit that starts at the fit of all samples. */
const refitSteps = 8;

/** Scores every sample with a fit that has seen nothing of its fold. */
export function leaveOut(
  fold: Fold,
  samples: readonly Sample[],
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
  settings: FitSettings,
): Scored[] {
  const keyOf = folds[fold];
  const scored: Scored[] = [];
  for (const key of new Set(samples.map(keyOf))) {
    const rest = samples.filter((sample) => keyOf(sample) !== key);
    const left = samples.filter((sample) => keyOf(sample) === key);
    const refit = calibrate(rest, rows, assumed, settings, rows, refitSteps).rows;
    scored.push(...score(left, refit, assumed, residualsOf(rest, refit, assumed)));
  }
  return scored;
}

/** How wrong predictions are in one metric. Percentages are of the measured value. */
export type MetricErrors = {
  metric: Metric;
  samples: number;
  sources: number;
  /** Share of samples with a prediction. */
  answered: number;
  /** Median absolute percentage error over all samples, and the median of the sources' medians. */
  medianPct: number;
  medianOfSourcesPct: number;
  /** Share of samples inside the 80 % band. */
  covered: number | null;
};

const percent = 100;

/** Absolute error of a prediction in percent of the measurement; infinite without a prediction. */
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

/** Errors by metric; `inBand`: whether a measured value is in the band of its prediction. */
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
export type Widening = { doubt: Doubt | 'agreed'; widening: number; samples: number };

const [lowShare, highShare] = [0.1, 0.9];
/** Prior widening of a doubt with few measurements, and its weight in measurements. */
const priorWidening = 1.3;
const priorSamples = 20;

/**
 * The 80 % band of measured over predicted by metric, over samples without a doubt, weighted down by the size of their
 * source; and how much more logarithms scatter with one.
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
    const bandIn = ({ sample }: Scored) => bands.find(({ metric }) => metric === sample.metric) ?? null;
    const seen = own.length === 0 ? priorWidening : bandMultiple(own, bandIn);
    const share = own.length / (own.length + priorSamples);
    return { doubt, widening: Math.max(1, share * seen + (1 - share) * priorWidening), samples: own.length };
  });
  return { bands, widenings };
}

/** The multiple of the logarithms of bands that holds 80 % of some predictions; none: 1. */
export function bandMultiple(
  some: readonly Scored[],
  bandIn: (scored: Scored) => BandFactors | null,
  weightOf: (scored: Scored) => number = () => 1,
): number {
  const ratios = some.flatMap((scored) => {
    const band = bandIn(scored);
    if (band === null || scored.error === null) return [];
    const value = scored.error < 0 ? -scored.error / Math.log(band.high) : scored.error / -Math.log(band.low);
    return [{ value, weight: weightOf(scored) }];
  });
  return ratios.length === 0 ? 1 : quantile(ratios, highShare - lowShare);
}

/** A plain roofline as fitted factors: two shares of peak rates, nothing fixed, nothing lost. */
export const rooflineFactors = (bandwidth: number, compute: number) =>
  factorNames.map((factor) => ({
    factor,
    value:
      factor.endsWith('S') || factor === 'activationPasses'
        ? Number.MIN_VALUE
        : factor === 'bandwidth'
          ? bandwidth
          : factor === 'decodeCompute' || factor === 'prefillCompute'
            ? compute
            : 1,
  }));
