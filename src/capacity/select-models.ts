import type { ModelSummary } from './model-facts.js';

/** Which models of the list are wanted; an absent part means all. What is unknown passes no limit. */
export type WantedModels = {
  vendor?: string;
  /** Most parameters in all, in 1e9. */
  maxParamsB?: number;
  /** Least capability index. */
  minIndex?: number;
  /** Only those that fit on the machine they were summarized for. */
  thatFit: boolean;
};

/** What the list can be sorted by: the least of these first, null last. */
const keys = {
  name: ({ model }) => model.family,
  released: ({ model }) => -Number(model.released.slice(0, 7).replace('-', '')),
  params: ({ model }) => model.paramsTotalB,
  capability: ({ index }) => (index === null ? null : -index),
  kv: ({ kvBytesPerToken }) => kvBytesPerToken,
} satisfies Record<string, (summary: ModelSummary) => string | number | null>;

export type ModelSortKey = keyof typeof keys;
export const modelSortKeys = Object.keys(keys) as ModelSortKey[];

/** The models that are wanted, sorted; equal ones by name. */
export function selectModels(
  models: readonly ModelSummary[],
  { vendor, maxParamsB, minIndex, thatFit }: WantedModels,
  sort: ModelSortKey,
): ModelSummary[] {
  return models
    .filter(
      ({ model, index, fit }) =>
        (vendor === undefined || model.vendor === vendor) &&
        (maxParamsB === undefined || model.paramsTotalB <= maxParamsB) &&
        (minIndex === undefined || (index !== null && index >= minIndex)) &&
        (!thatFit || fit !== null),
    )
    .sort((a, b) => compare(keys[sort](a), keys[sort](b)) || compare(a.model.family, b.model.family));
}

/** Ascending, null last. */
export function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}
