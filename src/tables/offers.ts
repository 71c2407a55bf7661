import type { AcceleratorRow, ApiRow, Confidence, HostingRow, Kind, RentalRow } from './columns.js';
import { priceColumns, type Settable, type SnapshotTable, schemas, settablePrices, snapshotTables } from './columns.js';
import { apiKindOf, apiRowsNamed, isOlder } from './query.js';
import type { Prose, RowProse, Snapshot, Tables } from './tables.js';

/** A figure of an offer in its unit; null is unknown. */
export type Price = { name: string; usd: number | null };

/** One row of a price list, whichever list it stands in. */
export type Offer = {
  table: SnapshotTable;
  row: number;
  provider: string;
  /** What is sold: the id of a model, an instance type, a product. */
  name: string;
  /** The deployment type it serves. */
  kind: Kind;
  /** What its price list calls it. */
  ownKind: string;
  family: string | null;
  accelerator: string | null;
  gpuCount: number | null;
  region: string | null;
  /** What each of `prices` buys. */
  unit: string;
  prices: readonly Price[];
  confidence: Confidence;
};

/** What `kind`, `ownKind` and `table` of an offer can be. */
export const kindNames: readonly string[] = [
  ...snapshotTables,
  ...['cloud-api', 'open-model-api', 'self-hosted-cloud', 'managed-hosting', 'serverless-gpu'],
  ...['first-party', 'cloud-marketplace', 'open-model-host'],
  ...['cloud', 'marketplace'],
  ...['dedicated-endpoint', 'provisioned-throughput'],
];

/** Every row of the snapshot's price lists, in the order of their files. */
export function offers(tables: Tables): Offer[] {
  return [...tables.api.map(apiOffer), ...tables.rental.map(rentalOffer), ...tables.hosting.map(hostingOffer)];
}

/** The first price of an offer: what it costs to begin with. */
function leadingPrice({ prices }: Offer): number | null {
  return prices.find(({ usd }) => usd !== null)?.usd ?? null;
}

/** The key of an offer within its list. */
export function offerKey({ table, provider, name, accelerator, region }: Offer): string {
  return [table, provider, name, ...(table === 'rental' ? [accelerator, region] : [])].join('\0');
}

type Priced = { row: number; provider: string; confidence: Confidence };
type Told = Pick<Offer, 'name' | 'kind' | 'ownKind' | 'unit'> & Partial<Offer>;

/** A row of a list with its description and all its prices. */
const offer = (table: SnapshotTable, row: Priced, told: Told): Offer => ({
  table,
  row: row.row,
  provider: row.provider,
  ...{ family: null, accelerator: null, gpuCount: null, region: null },
  ...told,
  prices: priceColumns[table].map(({ word, field }) => ({
    name: word,
    usd: (row as unknown as Record<string, number | null>)[field] ?? null,
  })),
  confidence: row.confidence,
});

const apiOffer = (row: ApiRow): Offer =>
  offer('api', row, {
    name: row.modelId,
    kind: apiKindOf(row) ?? 'open-model-api',
    ownKind: row.endpointKind,
    family: row.family,
    unit: 'USD per 1M tokens',
  });

const rentalOffer = (row: RentalRow): Offer =>
  offer('rental', row, {
    name: row.instanceType,
    kind: 'self-hosted-cloud',
    ownKind: row.tenancy,
    accelerator: row.accelerator,
    gpuCount: row.gpuCount,
    region: row.region,
    unit: 'USD per instance-hour',
  });

const hostingUnits: Readonly<Record<string, string>> = {
  'gpu-hour': 'USD per GPU-hour',
  'gpu-second': 'USD per GPU-second',
  'model-unit-hour': 'USD per model-unit-hour',
  'ptu-hour': 'USD per PTU-hour',
};

const hostingOffer = (row: HostingRow): Offer =>
  offer('hosting', row, {
    name: row.product,
    kind: row.kind === 'serverless-gpu' ? 'serverless-gpu' : 'managed-hosting',
    ownKind: row.kind,
    accelerator: row.accelerator,
    gpuCount: row.gpuCount,
    unit: hostingUnits[row.unit] ?? `USD per ${row.unit}`,
  });

/** A filter; `*` matches any text, case does not count, and an absent part means all. */
export type Wanted = { model?: string; provider?: string; accelerator?: string; kind?: string };

type Filter = {
  matches: (offer: Offer, asked: string, tables: Tables) => boolean;
  /** Names that this snapshot may have offers of, and names of an offer. */
  known: (tables: Tables) => readonly string[];
  names: (offer: Offer) => readonly (string | null)[];
};

/** Filters of the list, the slowest last. */
const filters: { readonly [Part in keyof Wanted]-?: Filter } = {
  provider: {
    matches: ({ provider }, asked) => like(provider, asked),
    known: ({ providers }) => providers.map(({ provider }) => provider),
    names: ({ provider }) => [provider],
  },
  accelerator: {
    // The maker's name of a chip means all its sizes and forms.
    matches: ({ accelerator }, asked) =>
      accelerator !== null && (like(accelerator, asked) || like(accelerator, `${asked}-*`)),
    known: ({ accelerators }) => accelerators.flatMap(({ accelerator }) => [accelerator, chip(accelerator)]),
    names: ({ accelerator }) => (accelerator === null ? [] : [accelerator, chip(accelerator)]),
  },
  kind: {
    matches: ({ table, kind, ownKind }, asked) => [table, kind, ownKind].some((name) => like(name, asked)),
    known: () => kindNames,
    names: ({ table, kind, ownKind }) => [table, kind, ownKind],
  },
  model: {
    matches: isModel,
    known: ({ capability }) => capability.map(({ family }) => family),
    names: ({ table, name, family }) => [family, table === 'api' ? name : null],
  },
};

/** The chip of an accelerator's id, `chip-form-memory`. */
function chip(accelerator: string): string {
  return accelerator.split('-')[0] ?? accelerator;
}

const parts = Object.keys(filters) as (keyof Wanted)[];

/** Offers of a snapshot that are what is wanted, in the order of the files. */
export function selectOffers(tables: Tables, wanted: Wanted): Offer[] {
  return offers(tables).filter((offer) => parts.every((part) => fits(tables, offer, part, wanted[part])));
}

/** Parts of `wanted` that match no name at the snapshot's date, with the known names. */
export function unanswered(tables: Tables, wanted: Wanted): { part: keyof Wanted; asked: string; names: string[] }[] {
  const all = offers(tables);
  return parts.flatMap((part) => {
    const asked = wanted[part];
    if (asked === undefined || all.some((offer) => fits(tables, offer, part, asked))) return [];
    const { known, names } = filters[part];
    if (known(tables).some((name) => like(name, asked))) return [];
    const offered = all.flatMap((offer) => names(offer)).filter((name) => name !== null);
    return [{ part, asked, names: [...new Set(part === 'kind' ? kindNames : offered)].sort() }];
  });
}

function fits(tables: Tables, offer: Offer, part: keyof Wanted, asked: string | undefined): boolean {
  return asked === undefined || filters[part].matches(offer, asked, tables);
}

/** A model by id, family or another name; a hosting product by a word of its name. */
function isModel({ table, row, provider, name, family }: Offer, asked: string, tables: Tables): boolean {
  if (table === 'rental') return false;
  if (like(name, asked)) return true;
  if (table === 'hosting') return name.split(' ').some((word) => like(word, asked));
  return like(family ?? '', asked) || apiRowsNamed(tables, provider, asked).some((found) => found.row.row === row);
}

/** Equal but for case, where `*` in `pattern` is any text. */
function like(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const whole = text.toLowerCase();
  if (rest.length === 0) return whole === first;
  if (!whole.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const piece of rest) {
    const found = whole.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return whole.length - at >= last.length && whole.endsWith(last);
}

/** An offer with where it comes from, and everything else its row says. */
export type ListedOffer = Offer &
  RowProse & {
    /** The row is older than the snapshot it stands in. */
    older: boolean;
    /** Cells of the row by column header, and by the program's name; null: unknown. */
    cells: Cells;
    fields: Cells;
  };

type Cells = Readonly<Record<string, string | number | boolean | readonly unknown[] | null>>;

/** Sort keys: the value of an offer, least first; null comes last. */
const keys = {
  provider: ({ provider }) => provider,
  name: ({ name }) => name.toLowerCase(),
  model: ({ family }) => family,
  accelerator: ({ accelerator }) => accelerator,
  price: (offer) => perGpu(offer, leadingPrice(offer)),
  output: ({ prices }) => prices.find(({ name }) => name === 'output')?.usd ?? null,
  date: ({ date }) => date,
} satisfies Record<string, (offer: ListedOffer) => string | number | null>;

type SortKey = keyof typeof keys;

/** The offers with their sources, by table, in file order or sorted. */
export function priceList(tables: Tables, prose: Prose, offers: readonly Offer[], sort: SortKey | null): ListedOffer[] {
  const listed = offers.map((offer) => listedOffer(tables, prose, offer));
  if (sort === null) return listed;
  const groups = [...new Set(listed.map(({ table }) => table))];
  return groups.flatMap((group) =>
    listed.filter(({ table }) => table === group).sort((a, b) => compare(keys[sort](a), keys[sort](b))),
  );
}

/** An instance's price for each of its GPUs; other offers by their unit. */
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

/** Ascending, null last. */
export function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

/** What an instance costs for each of its cards, USD an hour; null is unknown. */
type PerCard = Record<Settable<'rental'>, number | null>;

/** Prices of a rental row divided by its cards. */
export function perCard(row: RentalRow): PerCard {
  const prices = settablePrices('rental').map(({ settable, field }) => {
    const usd = row[field];
    return [settable, usd === null ? null : usd / row.gpuCount] as const;
  });
  return Object.fromEntries(prices) as PerCard;
}

/** The row with the lowest on-demand price per card, the first of equals; null: no price. */
export function cheapestOnDemand(rows: readonly RentalRow[]): RentalRow | null {
  const usd = (row: RentalRow): number => perCard(row).onDemand ?? Number.POSITIVE_INFINITY;
  const best = [...rows].sort((a, b) => usd(a) - usd(b))[0];
  return best === undefined || best.onDemandUsdPerHour === null ? null : best;
}

/** Whether a list price is from a later month than the snapshot, so not known then. */
export const pricedLater = (
  { listPriceUsd, priceAsOf }: Pick<AcceleratorRow, 'listPriceUsd' | 'priceAsOf'>,
  { date }: Pick<Snapshot, 'date'>,
): boolean => listPriceUsd !== null && priceAsOf !== null && priceAsOf.slice(0, 7) > date.slice(0, 7);
