import { efficiencyAt } from '../capacity/efficiency.js';
import type { CapacityAssumptions } from '../capacity/run.js';
import type { EfficiencyRow } from '../tables/rows.js';
import { calibrate, errorOf, type FitSettings, type Sample, settingOf } from './calibrate.js';

/** What is left out together, so that nothing of it is known to the fit that predicts it. */
export const folds = {
  source: ({ source }: Sample) => source,
  hardware: ({ of }: Sample) => of.run.accelerator.accelerator,
  model: ({ of }: Sample) => of.run.model.family,
} as const;
export type Fold = keyof typeof folds;

/** A sample, the logarithm of predicted over measured (null: no prediction), and the factors it was predicted with. */
export type Scored = { sample: Sample; error: number | null; rows: readonly EfficiencyRow[] };

export const score = (
  samples: readonly Sample[],
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
): Scored[] =>
  samples.map((sample) => ({
    sample,
    error: errorOf(sample, efficiencyAt(rows, settingOf(sample.of.run)), assumed),
    rows,
  }));

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
    scored.push(...score(left, calibrate(rest, rows, assumed, settings, rows, refitSteps).rows, assumed));
  }
  return scored;
}
