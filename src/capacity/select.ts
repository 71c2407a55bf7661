import { compare, perCard } from '../tables/offers.js';
import type { CardFit, HardwareSummary } from './hardware.js';
import type { AcceleratorFit, ModelSummary } from './models.js';

/** A list of the catalog: what narrows it, by option, and what it can be sorted by, the least first and null last. */
export type Selection<Row> = {
  filters: Readonly<Record<string, (row: Row, asked: string) => boolean>>;
  keys: Readonly<Record<string, (row: Row) => string | number | null>> & { name: (row: Row) => string };
};

const newest = (released: string): number => -Number(released.slice(0, 7).replace('-', ''));

/** What is unknown passes no limit. */
export const modelSelection = {
  filters: {
    vendor: ({ model }, asked) => model.vendor === asked.toLowerCase(),
    maxParams: ({ model }, asked) => model.paramsTotalB <= Number.parseFloat(asked),
    minIndex: ({ index }, asked) => index !== null && index >= Number(asked),
    fits: ({ fit }) => fit !== null,
  },
  keys: {
    name: ({ model }) => model.family,
    released: ({ model }) => newest(model.released),
    params: ({ model }) => model.paramsTotalB,
    capability: ({ index }) => (index === null ? null : -index),
    kv: ({ kvBytesPerToken }) => kvBytesPerToken,
  },
} satisfies Selection<ModelSummary>;

export const hardwareSelection = {
  filters: {
    vendor: ({ accelerator }, asked) => accelerator.vendor === asked.toLowerCase(),
    kind: ({ accelerator }, asked) => accelerator.kind === asked,
    minMemory: ({ accelerator }, asked) => accelerator.memoryGib >= Number(asked),
    rentable: ({ rentals }) => rentals.some((row) => Object.values(perCard(row)).some((usd) => usd !== null)),
  },
  keys: {
    name: ({ accelerator }) => accelerator.accelerator,
    memory: ({ accelerator }) => -accelerator.memoryGib,
    bandwidth: ({ accelerator }) => -accelerator.bandwidthGBs,
    released: ({ accelerator }) => newest(accelerator.released),
    price: ({ cheapest }) => cheapest && perCard(cheapest).onDemand,
  },
} satisfies Selection<HardwareSummary>;

/** The rows that every option given lets through, sorted by the key asked for; equal ones by name. */
export function selected<Row>(
  rows: readonly Row[],
  { filters, keys }: Selection<Row>,
  asked: Readonly<Record<string, unknown>> & { sort?: string },
): Row[] {
  const given = Object.entries(filters).filter(([name]) => asked[name] !== undefined);
  const key = keys[asked.sort ?? 'name'] ?? keys.name;
  return rows
    .filter((row) => given.every(([name, passes]) => passes(row, String(asked[name]))))
    .sort((a, b) => compare(key(a), key(b)) || compare(keys.name(a), keys.name(b)));
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
