import { normalQuantile } from '../../capacity/queue/percentiles.js';
import type { Context } from '../../places/placement.js';
import type { PriceRange, RangedCells } from '../../tables/price-book/price-book.js';
import type { Tables } from '../../tables/tables.js';
import {
  type Dimension,
  dimensionOf,
  lognormalFrom,
  pertQuantile,
  type ThreePointEstimate,
  triangularQuantile,
} from '../../units/statistics.js';
import type { Range, Uncertain } from '../../units/uncertain.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';

/** What an input is of: where a draw is written. */
export type Subject =
  | { is: 'scenario' }
  | { is: 'figure'; placeIn(scenario: Scenario): Uncertain }
  | { is: 'assumption'; name: string }
  | { is: 'capacity'; family: string; accelerator: string }
  | { is: 'listPrice'; accelerator: string }
  | { is: 'rent'; rows: RangedCells[] }
  | { is: 'ownPrice'; range: PriceRange };

/** A number that is not known exactly: one draw of it holds wherever it counts. */
export type UncertainInput = {
  /** As `--set` takes it, where it does. */
  path: string;
  unit: string;
  /** Ends of what it was given as; of an error the ends of its 80 % band. */
  low: number;
  likely: number;
  high: number;
  /** Whose range it is. */
  origin: 'user' | 'tables';
  subject: Subject;
  quantile: Quantile;
  /** Its share in each draw. */
  share: Dimension;
};

const units: readonly (readonly [RegExp, string])[] = [
  [/\.tokens\.(?!cacheHitRate)|^needs\.rag\./, 'tokens'],
  [/\.(?:share|cacheHitRate|relative)$/, 'fraction'],
  [/growth$/, 'fraction/month'],
  [/^team\.yearlyCost$/, 'USD/year'],
  [/^team\./, 'FTE'],
  [/\.bill$/, 'USD/month'],
  [/\.cost$|\.fees\./, 'USD'],
  [/\.tools\./, 'calls'],
  [/^devices\.count$/, 'devices'],
  [/\.ofPredicted$/, 'x predicted'],
  [/^workload\.(?:turns|requestsPerUser)$/, 'requests'],
];

export function unitOf(path: string, { workload, tasks }: Scenario, { parameterOf }: Tables): string {
  if (path.startsWith('assumptions.')) return parameterOf.get(path.replace('assumptions.', ''))?.unit ?? '';
  if (path.endsWith('.volume')) {
    const task = taskNames(tasks).findIndex((name) => path === `tasks.${name}.volume`);
    const { of, per } = tasks[task]?.volume ?? workload.volume;
    return per === null ? of : `${of}/${per}`;
  }
  return units.find(([pattern]) => pattern.test(path))?.[1] ?? '';
}

/** Value of an uncertain number that a share (0 to 1) of its draws does not exceed. */
type Quantile = (share: number) => number;

/**
 * A range of the user: triangular between its ends with the peak at the likely value, wide ones without it by their
 * logarithms; of a mean with a coefficient of variation lognormal.
 */
export function quantileOf(range: Range): Quantile {
  if (range.of === undefined) return (share) => triangularQuantile(range, share);
  if (range.of === 'logarithm') {
    const logs = { low: Math.log(range.low), likely: Math.log(range.likely), high: Math.log(range.high) };
    return (share) => Math.exp(triangularQuantile(logs, share));
  }
  const quantile = lognormalQuantile(range.low, range.high);
  const { least = 0, most = Number.MAX_VALUE } = range.within ?? {};
  return (share) => Math.max(least, Math.min(quantile(share), most));
}

/** An estimate of the tables: PERT, closer to its likely value than to its ends. */
export function estimateQuantile({ low, likely, high }: ThreePointEstimate): Quantile {
  const whole = high - low;
  const shape = pertQuantile((likely - low) / whole);
  return (share) => low + whole * shape(share);
}

/** Lognormal through its 10th and 90th percentiles, as for prediction errors. */
export function lognormalQuantile(p10: number, p90: number): Quantile {
  const { mu, sigma } = lognormalFrom(p10, p90);
  return (share) => Math.exp(mu + sigma * normalQuantile(share));
}

/** A figure without a range: where it stands in a scenario, and how it was found. */
type Figure = { path: string; likely: number; spread: string; placeIn(scenario: Scenario): Uncertain };

/** Volumes and lengths given as one figure: lognormal about it, closer where counted than where a preset assumes it. */
export function figureInputs(scenario: Scenario, { workload, tables }: Context, seed: number): UncertainInput[] {
  const names = taskNames(scenario.tasks);
  const figures: Figure[] = [];
  const volumes = [
    { path: 'workload.volume', placeIn: ({ workload: { volume } }: Scenario) => volume.amount },
    ...scenario.tasks.flatMap(({ volume }, t) =>
      volume === undefined
        ? []
        : {
            path: `tasks.${names[t]}.volume`,
            placeIn: ({ tasks }: Scenario) => (tasks[t]?.volume ?? volume).amount,
          },
    ),
  ];
  for (const { path, placeIn } of volumes) {
    const { likely, range } = placeIn(scenario);
    if (range === null) figures.push({ path, likely, spread: 'volumeSpread', placeIn });
  }
  for (const [t, { tokens, type }] of scenario.tasks.entries()) {
    const preset = tables.taskOf.get(type);
    const usual = { input: preset?.inputTokens ?? 0, output: preset?.outputTokens ?? 0 };
    for (const key of ['input', 'output'] as const) {
      const written = tokens?.[key];
      if (written !== undefined && written.range !== null) continue;
      const likely = written?.likely ?? usual[key];
      figures.push({
        path: `tasks.${names[t]}.tokens.${key}`,
        likely,
        spread: written === undefined ? 'presetTokensSpread' : 'writtenTokensSpread',
        placeIn(other) {
          const place = { likely, range: null };
          const task = other.tasks[t];
          if (task !== undefined) task.tokens = { ...task.tokens, [key]: place };
          return place;
        },
      });
    }
  }
  return figures.flatMap(({ path, likely, spread, placeIn }): UncertainInput[] => {
    const sigma = workload.assume(spread);
    if (sigma === 0 || likely <= 0) return [];
    const quantile = (share: number): number => likely * Math.exp(sigma * normalQuantile(share));
    return [
      {
        path,
        unit: unitOf(path, scenario, tables),
        low: quantile(0.1),
        likely,
        high: quantile(0.9),
        origin: 'tables',
        subject: { is: 'figure', placeIn },
        quantile,
        share: dimensionOf(seed, path, 0),
      },
    ];
  });
}
