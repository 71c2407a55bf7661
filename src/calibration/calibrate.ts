import type { Metric } from '../capacity/bands.js';
import { type Efficiency, efficiencyAt, matches, type Setting } from '../capacity/efficiency.js';
import { linkOf } from '../capacity/machine.js';
import { type CapacityAssumptions, predictRun, type Run } from '../capacity/run.js';
import type { RunOf } from '../capacity/run-of.js';
import type { EfficiencyRow } from '../tables/rows.js';
import { type Fit, fitRobust } from './fit.js';
import { type Observation, predictedOf } from './observations.js';

/** One measured quantity of one run. */
export type Sample = Observation & { of: RunOf; source: string };

/** How the fit counts what it is given; kept with its result. */
export type FitSettings = {
  /** Weight of a metric, and the power of how many rows a source has by which each of them counts less. */
  weight: { readonly [Name in Metric]: number };
  sourcePower: number;
  /** An ordinary error of a logarithm, and degrees of freedom of Student's t: larger errors count for less. */
  scale: number;
  degrees: number;
};

/** Where a run's factors are looked up. */
export const settingOf = ({ engine, accelerator }: Run): Setting => ({
  engineGroup: engine.group,
  servingClass: accelerator.servingClass,
  link: linkOf(accelerator),
});

/** Logarithm of predicted over measured; null where there is no prediction. */
export function errorOf(sample: Sample, e: Efficiency, assumed: CapacityAssumptions): number | null {
  const prediction = predictRun(sample.of.run, e, assumed);
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

/** What each of `count` rows counts: count^-power, by logarithms, which give the same digits on every Node. */
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
