import { compare, perCard } from '../tables/offers.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { CardFit, HardwareSummary } from './hardware.js';
import type { AcceleratorFit, ModelSummary } from './models.js';

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
const modelKeys = {
  name: ({ model }) => model.family,
  released: ({ model }) => -Number(model.released.slice(0, 7).replace('-', '')),
  params: ({ model }) => model.paramsTotalB,
  capability: ({ index }) => (index === null ? null : -index),
  kv: ({ kvBytesPerToken }) => kvBytesPerToken,
} satisfies Record<string, (summary: ModelSummary) => string | number | null>;

export type ModelSortKey = keyof typeof modelKeys;
export const modelSortKeys = Object.keys(modelKeys) as ModelSortKey[];

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
    .sort((a, b) => compare(modelKeys[sort](a), modelKeys[sort](b)) || compare(a.model.family, b.model.family));
}

/** Which hardware of the list is wanted; an absent part means all. */
export type WantedHardware = {
  vendor?: string;
  kind?: AcceleratorRow['kind'];
  minMemoryGib?: number;
  /** Only what the snapshot has a rental price for. */
  rentable: boolean;
};

/** What the list can be sorted by: the least of these first, null last. */
const hardwareKeys = {
  name: ({ accelerator }) => accelerator.accelerator,
  memory: ({ accelerator }) => -accelerator.memoryGib,
  bandwidth: ({ accelerator }) => -accelerator.bandwidthGBs,
  released: ({ accelerator }) => -Number(accelerator.released.slice(0, 7).replace('-', '')),
  price: ({ cheapest }) => cheapest && perCard(cheapest).onDemand,
} satisfies Record<string, (summary: HardwareSummary) => string | number | null>;

export type HardwareSortKey = keyof typeof hardwareKeys;
export const hardwareSortKeys = Object.keys(hardwareKeys) as HardwareSortKey[];

/** The hardware that is wanted, sorted; equal ones by name. */
export function selectHardware(
  hardware: readonly HardwareSummary[],
  { vendor, kind, minMemoryGib, rentable }: WantedHardware,
  sort: HardwareSortKey,
): HardwareSummary[] {
  return hardware
    .filter(
      ({ accelerator, rentals }) =>
        (vendor === undefined || accelerator.vendor === vendor) &&
        (kind === undefined || accelerator.kind === kind) &&
        (minMemoryGib === undefined || accelerator.memoryGib >= minMemoryGib) &&
        (!rentable || rentals.some((row) => Object.values(perCard(row)).some((usd) => usd !== null))),
    )
    .sort(
      (a, b) =>
        compare(hardwareKeys[sort](a), hardwareKeys[sort](b)) ||
        compare(a.accelerator.accelerator, b.accelerator.accelerator),
    );
}

/** Schemes of as many bits per weight: they need as much memory, so one column tells what they fit on. */
export type FitColumn = { bitsPerWeight: number; schemes: readonly string[] };

/** Columns over the schemes that many requests can share, the most bits first. */
export function fitColumns(fits: readonly AcceleratorFit[]): FitColumn[] {
  const byBits = new Map<number, Set<string>>();
  for (const { schemes } of fits) {
    for (const { scheme, bitsPerWeight, batchedServing } of schemes) {
      if (bitsPerWeight === null || !batchedServing) continue;
      byBits.set(bitsPerWeight, (byBits.get(bitsPerWeight) ?? new Set()).add(scheme));
    }
  }
  return [...byBits]
    .map(([bitsPerWeight, schemes]) => ({ bitsPerWeight, schemes: [...schemes] }))
    .sort((a, b) => b.bitsPerWeight - a.bitsPerWeight);
}

const best: readonly CardFit['runs'][] = ['native', 'weight-only', 'slow', 'none'];

/** How one of the column's schemes fits: the one that runs best. */
export function fitIn({ schemes }: AcceleratorFit, column: FitColumn): CardFit | null {
  const own = schemes.filter(({ scheme }) => column.schemes.includes(scheme));
  return [...own].sort((a, b) => best.indexOf(a.runs) - best.indexOf(b.runs))[0] ?? null;
}
