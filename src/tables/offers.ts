import { type SnapshotTable, snapshotTables } from './columns.js';
import type { ApiRow, Confidence, HostingRow, Kind, RentalRow } from './rows.js';
import type { Tables } from './tables.js';

/** A figure of an offer in its unit; null is unknown. */
export type Price = { name: string; usd: number | null };

/** One row of a price list, whichever list it stands in. */
export type Offer = {
  table: SnapshotTable;
  row: number;
  provider: string;
  /** What is sold: the id of a model, an instance type, a product. */
  name: string;
  /** The kind of placement it serves. */
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
export function leadingPrice({ prices }: Offer): number | null {
  return prices.find(({ usd }) => usd !== null)?.usd ?? null;
}

/** What tells an offer from the others of its list. */
export function offerKey({ table, provider, name, accelerator, region }: Offer): string {
  return [table, provider, name, ...(table === 'rental' ? [accelerator, region] : [])].join('\0');
}

/** The fields of a row that hold what an offer costs, by the name of each price. */
export const priceFields = {
  api: {
    input: 'inputUsdPerMTok',
    output: 'outputUsdPerMTok',
    'cached input': 'cachedInputUsdPerMTok',
    'cache write': 'cacheWriteUsdPerMTok',
    'batch input': 'batchInputUsdPerMTok',
    'batch output': 'batchOutputUsdPerMTok',
    'long input': 'tierInputUsdPerMTok',
    'long output': 'tierOutputUsdPerMTok',
  },
  rental: {
    'on demand': 'onDemandUsdPerHour',
    spot: 'spotUsdPerHour',
    'reserved 1 year': 'reserved1yUsdPerHour',
    'reserved 3 years': 'reserved3yUsdPerHour',
  },
  hosting: { price: 'usdPerUnit' },
} as const satisfies Record<SnapshotTable, Readonly<Record<string, string>>>;

const pricesOf = <Field extends string>(
  row: Record<Field, number | null>,
  fields: Readonly<Record<string, Field>>,
): Price[] => Object.entries(fields).map(([name, field]) => ({ name, usd: row[field] }));

function apiOffer(row: ApiRow): Offer {
  const closed = row.endpointKind === 'first-party' || (row.endpointKind === 'cloud-marketplace' && !row.openWeights);
  return {
    table: 'api',
    row: row.row,
    provider: row.provider,
    name: row.modelId,
    kind: closed ? 'cloud-api' : 'open-model-api',
    ownKind: row.endpointKind,
    family: row.family,
    accelerator: null,
    gpuCount: null,
    region: null,
    unit: 'USD per 1M tokens',
    prices: pricesOf(row, priceFields.api),
    confidence: row.confidence,
  };
}

function rentalOffer(row: RentalRow): Offer {
  return {
    table: 'rental',
    row: row.row,
    provider: row.provider,
    name: row.instanceType,
    kind: 'self-hosted-cloud',
    ownKind: row.tenancy,
    family: null,
    accelerator: row.accelerator,
    gpuCount: row.gpuCount,
    region: row.region,
    unit: 'USD per instance-hour',
    prices: pricesOf(row, priceFields.rental),
    confidence: row.confidence,
  };
}

const hostingUnits: Readonly<Record<string, string>> = {
  'gpu-hour': 'USD per GPU-hour',
  'gpu-second': 'USD per GPU-second',
  'model-unit-hour': 'USD per model-unit-hour',
  'ptu-hour': 'USD per PTU-hour',
};

function hostingOffer(row: HostingRow): Offer {
  return {
    table: 'hosting',
    row: row.row,
    provider: row.provider,
    name: row.product,
    kind: row.kind === 'serverless-gpu' ? 'serverless-gpu' : 'managed-hosting',
    ownKind: row.kind,
    family: null,
    accelerator: row.accelerator,
    gpuCount: row.gpuCount,
    region: null,
    unit: hostingUnits[row.unit] ?? `USD per ${row.unit}`,
    prices: pricesOf(row, priceFields.hosting),
    confidence: row.confidence,
  };
}
