/**
 * An uncertain number: as the writer judges, no less than `low`, no more than `high`, most likely `likely`.
 * `low <= likely <= high`. `of: 'logarithm'`: of wide ends alone, judged by its logarithm, whose middle `likely` is. With
 * `of: 'lognormal'` the ends are the 10th and 90th percentiles of that distribution instead,
 * and what it gives beyond `within` counts as the nearest value that is possible.
 */
export type Range = {
  low: number;
  likely: number;
  high: number;
  of?: 'lognormal' | 'logarithm';
  within?: { least: number; most: number };
};

/** A number a user wrote, in one fixed unit, with its range where one was given. */
export type Uncertain = { likely: number; range: Range | null };
