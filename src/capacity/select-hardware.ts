import { perCard } from '../tables/rentals.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { HardwareSummary } from './hardware-facts.js';
import { compare } from './select-models.js';

/** Which hardware of the list is wanted; an absent part means all. */
export type WantedHardware = {
  vendor?: string;
  kind?: AcceleratorRow['kind'];
  minMemoryGib?: number;
  /** Only what the snapshot has a rental price for. */
  rentable: boolean;
};

/** What the list can be sorted by: the least of these first, null last. */
const keys = {
  name: ({ accelerator }) => accelerator.accelerator,
  memory: ({ accelerator }) => -accelerator.memoryGib,
  bandwidth: ({ accelerator }) => -accelerator.bandwidthGBs,
  released: ({ accelerator }) => -Number(accelerator.released.slice(0, 7).replace('-', '')),
  price: ({ cheapest }) => cheapest && perCard(cheapest).onDemand,
} satisfies Record<string, (summary: HardwareSummary) => string | number | null>;

export type HardwareSortKey = keyof typeof keys;
export const hardwareSortKeys = Object.keys(keys) as HardwareSortKey[];

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
      (a, b) => compare(keys[sort](a), keys[sort](b)) || compare(a.accelerator.accelerator, b.accelerator.accelerator),
    );
}
