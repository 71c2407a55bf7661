import type { PriceRange, RangedCells } from '../../tables/price-book/price-book.js';
import type { Tables } from '../../tables/tables.js';
import type { Dimension } from '../../units/statistics.js';
import type { Uncertain } from '../../units/uncertain.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';
import type { Quantile } from './distribution.js';

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
