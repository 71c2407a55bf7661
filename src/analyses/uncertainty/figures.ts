import { normalQuantile } from '../../capacity/queue/percentiles.js';
import type { Context } from '../../places/placement.js';
import { dimensionOf } from '../../units/statistics.js';
import type { Uncertain } from '../../units/uncertain.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';
import { type UncertainInput, unitOf } from './input.js';

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
