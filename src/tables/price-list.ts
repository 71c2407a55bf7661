import { schemas } from './columns.js';
import { leadingPrice, type Offer } from './offers.js';
import { isOlder } from './row-age.js';
import type { Prose, RowProse, Tables } from './tables.js';

/** An offer with where it comes from, and everything else its row says. */
export type ListedOffer = Offer &
  RowProse & {
    /** The row is older than the snapshot it stands in. */
    older: boolean;
    /** Cells of the row by the header of their column, and by the name the program has for it; null is unknown. */
    cells: Cells;
    fields: Cells;
  };

type Cells = Readonly<Record<string, string | number | boolean | readonly unknown[] | null>>;

/** What a list can be sorted by: its value for an offer, the least first; null comes last. */
const keys = {
  provider: ({ provider }) => provider,
  name: ({ name }) => name.toLowerCase(),
  model: ({ family }) => family,
  accelerator: ({ accelerator }) => accelerator,
  price: (offer) => perGpu(offer, leadingPrice(offer)),
  output: ({ prices }) => prices.find(({ name }) => name === 'output')?.usd ?? null,
  date: ({ date }) => date,
} satisfies Record<string, (offer: ListedOffer) => string | number | null>;

export type SortKey = keyof typeof keys;
export const sortKeys = Object.keys(keys) as SortKey[];

/** The offers with their sources; each table stays together, within it they stand as in the file or sorted. */
export function priceList(tables: Tables, prose: Prose, offers: readonly Offer[], sort: SortKey | null): ListedOffer[] {
  const listed = offers.map((offer) => listedOffer(tables, prose, offer));
  if (sort === null) return listed;
  const groups = [...new Set(listed.map(({ table }) => table))];
  return groups.flatMap((group) =>
    listed.filter(({ table }) => table === group).sort((a, b) => compare(keys[sort](a), keys[sort](b))),
  );
}

/** What an instance costs for each of its GPUs; other offers are priced by their unit as they are. */
export function perGpu({ table, gpuCount }: Offer, usd: number | null): number | null {
  return table === 'rental' && usd !== null && gpuCount !== null ? usd / gpuCount : usd;
}

function listedOffer(tables: Tables, prose: Prose, offer: Offer): ListedOffer {
  const origin = prose(offer);
  const found = tables[offer.table].find(({ row }) => row === offer.row) as unknown as Cells;
  const columns = Object.entries(schemas[offer.table].columns);
  const cell = (field: string): Cells[string] => found[field] ?? null;
  return {
    ...offer,
    ...origin,
    older: isOlder(origin.date, tables.snapshot.date),
    cells: Object.fromEntries(columns.map(([field, { header }]) => [header, cell(field)])),
    fields: Object.fromEntries(columns.map(([field]) => [field, cell(field)])),
  };
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}
