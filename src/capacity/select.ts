import { compare } from '../tables/offers.js';
import type { HardwareSummary } from './hardware.js';
import type { ModelSummary } from './models.js';

/** A catalog list: filters by option, and sort keys, least first, null last. */
export type Selection<Row> = {
  filters: Readonly<Record<string, (row: Row, asked: string) => boolean>>;
  keys: Readonly<Record<string, (row: Row) => string | number | null>> & { name: (row: Row) => string };
};

const newest = ({ released }: { released: string }): number => -Number(released.slice(0, 7).replace('-', ''));
const isMadeBy = ({ vendor }: { vendor: string }, asked: string): boolean => vendor === asked.toLowerCase();

/** What is unknown passes no limit. */
export const modelSelection = {
  filters: {
    vendor: isMadeBy,
    maxParams: ({ paramsTotalB }, asked) => paramsTotalB <= Number.parseFloat(asked),
    minIndex: ({ judgedIndex }, asked) => judgedIndex !== null && judgedIndex >= Number(asked),
    fits: ({ fit }) => fit !== null,
  },
  keys: {
    name: ({ family }) => family,
    released: newest,
    params: ({ paramsTotalB }) => paramsTotalB,
    capability: ({ judgedIndex }) => judgedIndex && -judgedIndex,
    kv: ({ kvBytesPerToken }) => kvBytesPerToken,
  },
} satisfies Selection<ModelSummary>;

export const hardwareSelection = {
  filters: {
    vendor: isMadeBy,
    kind: ({ kind }, asked) => kind === asked,
    minMemory: ({ memoryGib }, asked) => memoryGib >= Number(asked),
    rentable: ({ rentalRows }) => rentalRows > 0,
  },
  keys: {
    name: ({ accelerator }) => accelerator,
    memory: ({ memoryGib }) => -memoryGib,
    bandwidth: ({ bandwidthGBs }) => -bandwidthGBs,
    released: newest,
    price: ({ cheapestOnDemand }) => cheapestOnDemand?.usdPerGpuHour ?? null,
  },
} satisfies Selection<HardwareSummary>;

/** The rows within all given options, sorted by the requested key, then by name. */
export function selected<Row, Told extends Row>(
  rows: readonly Told[],
  { filters, keys }: Selection<Row>,
  asked: Readonly<Record<string, unknown>> & { sort?: string },
): Told[] {
  const given = Object.entries(filters).filter(([name]) => asked[name] !== undefined);
  const key = keys[asked.sort ?? 'name'] ?? keys.name;
  return rows
    .filter((row) => given.every(([name, passes]) => passes(row, String(asked[name]))))
    .sort((a, b) => compare(key(a), key(b)) || compare(keys.name(a), keys.name(b)));
}
