import { efficiencyOf } from '../capacity/machine.js';
import type { Measurement } from '../capacity/measurement.js';
import { type CapacityAssumptions, type Catalog, predictRun, type RunOf, runOf } from '../capacity/run.js';
import type { Correction } from '../capacity/step-times.js';
import type { EfficiencyRow } from '../tables/columns.js';
import { median, observationsOf, predictedOf, settingOf } from './calibrate.js';
import { fitRobust } from './fit.js';

/** What measurements of one's own say of one model on one kind of machine. */
export type OwnCalibration = {
  model: string;
  accelerator: string;
  correction: Correction;
  /** 80 % band of what is left of the error: factors on a prediction. */
  band: { low: number; high: number };
  measurements: number;
  /** Median absolute error in percent, before and after. */
  errorPct: { before: number; after: number };
};

/**
 * Prior error of a prediction (standard deviation of the logarithm), usual error of a measurement, and the smallest
 * error: runs of one machine differ by some percent from day to day.
 */
type OwnSettings = { priorSd: number; scale: number; degrees: number; leastSd: number };

const names = ['decode', 'prefill', 'firstToken'] as const;
const eightyPercent = 1.2816;

/**
 * Fits three factors for every measured model and accelerator: a measurement moves what it is of; the band narrows with
 * their number. `problems` has what cannot be predicted.
 */
export function ownCalibrations(
  measured: readonly Measurement[],
  catalog: Catalog,
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
  settings: OwnSettings,
): { calibrations: OwnCalibration[]; problems: string[] } {
  const groups = new Map<string, { measurement: Measurement; of: RunOf }[]>();
  const problems: string[] = [];
  for (const measurement of measured) {
    const of = runOf(measurement, catalog, assumed.slowScheme);
    if (typeof of === 'string') {
      problems.push(of);
      continue;
    }
    const key = `${measurement.modelFamily}\n${measurement.accelerator}`;
    groups.set(key, [...(groups.get(key) ?? []), { measurement, of }]);
  }
  const calibrations = [...groups].flatMap(([key, group]) => {
    const [model = '', accelerator = ''] = key.split('\n');
    const samples = group.flatMap(({ measurement, of }) =>
      observationsOf(measurement, of).map((observation) => ({ ...observation, of })),
    );
    if (samples.length === 0) {
      problems.push(`the measurements of ${model} on ${accelerator} hold no result`);
      return [];
    }
    const errorAt = ({ of, metric, value }: (typeof samples)[number], theta: Float64Array): number => {
      const run = { ...of.run, correction: correctionAt(theta) };
      const prediction = predictRun(run, efficiencyOf(rows, settingOf(run)), assumed);
      const predicted = prediction === null ? null : predictedOf(metric, prediction, of);
      return predicted === null || !(predicted > 0) ? 0 : Math.log(predicted / value);
    };
    const every = [...samples.keys()];
    const { theta } = fitRobust(
      {
        residuals(at, out, only) {
          for (const i of only ?? every) out[i] = errorAt(samples[i] as (typeof samples)[number], at);
        },
        touches: names.map(() => every),
        count: samples.length,
        weight: new Float64Array(samples.length).fill(1),
        priorSd: new Float64Array(names.length).fill(settings.priorSd),
        scale: settings.scale,
        degrees: settings.degrees,
      },
      new Float64Array(names.length),
    );
    const errors = (at: Float64Array) => samples.map((sample) => errorAt(sample, at));
    const after = errors(theta);
    const spread = Math.sqrt(after.reduce((sum, error) => sum + error ** 2, 0) / after.length);
    // With few measurements most of the first doubt is left.
    const sd = Math.sqrt(Math.max(settings.leastSd, spread) ** 2 + settings.priorSd ** 2 / (samples.length + 1));
    const pct = (list: number[]) => median(list.map((error) => Math.abs(Math.exp(error) - 1) * 100));
    const half = Math.exp(eightyPercent * sd);
    return [
      {
        model,
        accelerator,
        correction: correctionAt(theta),
        band: { low: 1 / half, high: half },
        measurements: group.length,
        errorPct: { before: pct(errors(new Float64Array(names.length))), after: pct(after) },
      },
    ];
  });
  return { calibrations, problems };
}

const correctionAt = (theta: Float64Array): Correction => ({
  decode: Math.exp(theta[0] as number),
  prefill: Math.exp(theta[1] as number),
  firstToken: Math.exp(theta[2] as number),
});
