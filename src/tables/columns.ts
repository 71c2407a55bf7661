import { catalogSchemas, type ParameterTable, type PricedTier } from './catalog-columns.js';
import {
  date,
  inFiles,
  many,
  maybe,
  mayLack,
  need,
  number,
  oneOf,
  orElse,
  type PriceFacts,
  price,
  priceSteps,
  type RowOf,
  regionalUplifts,
  table,
  text,
  together,
  weekHours,
  whole,
  yesNo,
} from './column.js';

const usd = number(0, 1e6);
const some = whole(1);

/** `batch_input_usd_per_mtok` is called `batch input`; a tier is of long prompts. */
const wordOf = (header: string): string =>
  header
    .replace(/_usd_per_.*$/, '')
    .replace('tier', 'long')
    .replaceAll('_', ' ');
type Facts = Omit<PriceFacts, 'price' | 'word'>;

/** Prices of 1e6 tokens: of every offer, of most, of some, and of few, so that a list may lack the column. */
const every = <const More extends Facts>(header: string, more: More) =>
  price(need(header, usd), { price: 'token', word: wordOf(header), usual: true, ...more });
const most = <const More extends Facts>(header: string, more: More) =>
  price(maybe(header, usd), { price: 'token', word: wordOf(header), usual: true, ...more });
const tiered = <const More extends Facts>(header: string, more: More) =>
  price(maybe(header, usd), { price: 'token', word: wordOf(header), ...more });
const few = <const More extends Facts>(header: string, more: More) => mayLack(tiered(header, more));
const [input, output] = [{ side: 'input' }, { side: 'output' }] as const;
const batch = { together: 'the batch prices' } as const;
const flex = { together: 'the flex prices' } as const;
const priority = { together: 'the priority prices' } as const;
const long = { together: 'the prices above a prompt size' } as const;
const peak = 'the hours of the peak and the price at others';

/** A price by the hour of an instance, as a way to rent it. */
const hour = <const More extends { word: string; settable: string; purchase: string; months: number; inWords: string }>(
  header: string,
  more: More,
) => price(maybe(header, usd), { price: 'hour', usual: true, ...more });

const api = table(['provider', 'modelId'], {
  provider: need(text),
  endpointKind: need(oneOf('first-party', 'cloud-marketplace', 'open-model-host')),
  modelId: need(text),
  family: need(text),
  openWeights: need(yesNo),
  /** Where the endpoint processes, if rows of a model have prices by place; `global`: anywhere. */
  region: mayLack(maybe(text)),
  inputUsdPerMTok: every('input_usd_per_mtok', { ...input, settable: 'input' }),
  outputUsdPerMTok: every('output_usd_per_mtok', { ...output, settable: 'output' }),
  cachedInputUsdPerMTok: most('cached_input_usd_per_mtok', { ...input, settable: 'cached' }),
  cacheWriteUsdPerMTok: most('cache_write_usd_per_mtok', { ...input, settable: 'cacheWrite' }),
  /** A write that is kept for an hour; the usual one is kept for minutes. */
  cacheWrite1hUsdPerMTok: few('cache_write_1h_usd_per_mtok', input),
  batchInputUsdPerMTok: most('batch_input_usd_per_mtok', { ...input, ...batch, settable: 'batchInput' }),
  batchOutputUsdPerMTok: most('batch_output_usd_per_mtok', { ...output, ...batch, settable: 'batchOutput' }),
  /** Requests that may be late or refused, and requests with priority. */
  flexInputUsdPerMTok: few('flex_input_usd_per_mtok', { ...flex, settable: 'flexInput' }),
  flexCachedUsdPerMTok: few('flex_cached_input_usd_per_mtok', { settable: 'flexCached' }),
  flexOutputUsdPerMTok: few('flex_output_usd_per_mtok', { ...flex, settable: 'flexOutput' }),
  priorityInputUsdPerMTok: few('priority_input_usd_per_mtok', { ...priority, settable: 'priorityInput' }),
  priorityCachedUsdPerMTok: few('priority_cached_input_usd_per_mtok', { settable: 'priorityCached' }),
  priorityOutputUsdPerMTok: few('priority_output_usd_per_mtok', { ...priority, settable: 'priorityOutput' }),
  /** Input that is audio. */
  audioInputUsdPerMTok: few('audio_input_usd_per_mtok', { settable: 'audioInput' }),
  tierAboveInputTokens: together(long.together, maybe(some)),
  /** Prices above that size. */
  tierInputUsdPerMTok: tiered('tier_input_usd_per_mtok', { ...input, ...long, settable: 'tierInput' }),
  tierOutputUsdPerMTok: tiered('tier_output_usd_per_mtok', { ...output, ...long, settable: 'tierOutput' }),
  /** Steps above the first one, by size of the prompt. */
  furtherTiers: mayLack(orElse([], priceSteps)),
  contextWindow: maybe(some),
  maxOutput: maybe(some),
  effectiveFrom: maybe(date),
  retires: maybe(date),
  /** Last day of an introductory price; without next prices what follows is unknown. */
  until: maybe(date),
  nextInputUsdPerMTok: together('the next prices', maybe(usd)),
  nextOutputUsdPerMTok: together('the next prices', maybe(usd)),
  /** What follows is unpublished: the next prices are those before the introduction. */
  nextEstimated: mayLack(orElse(false, yesNo)),
  /** What an endpoint bound to a region costs more than the listed one, in percent. */
  regionalUpliftPct: mayLack(maybe(number(0, 1000))),
  /** The same by region, where it differs or is stated for some regions only. */
  regionalUplifts: mayLack(orElse([], regionalUplifts)),
  /** Hours of the week, UTC, with the row's prices; at other hours times `offPeakRatio`. Empty: always. */
  peakHours: together(peak, mayLack(orElse([], weekHours))),
  offPeakRatio: together(peak, mayLack(maybe(number(0, 1)))),
  /** Tokens a month that are not billed. */
  freeTokensPerMonth: mayLack(maybe(whole(0))),
  /** A class of service: `spot` requests yield to others. Null: standard. */
  speed: mayLack(maybe(oneOf('fast', 'spot'))),
  /** A price for those alone whose prompts may be used to train models. */
  dataUsed: mayLack(orElse(false, yesNo)),
  /** Other names of the provider for the same model, beyond other spellings. */
  aliases: mayLack(many(text)),
  /** The day on which the price was last seen; null: that of the snapshot. */
  lastSeen: mayLack(maybe(date)),
});

const rental = table(['provider', 'instanceType', 'accelerator', 'region'], ['vcpus', 'memory_gib'], {
  asOf: need(date),
  provider: need(text),
  instanceType: need(text),
  accelerator: need(text),
  gpuCount: need(some),
  region: need(text),
  onDemandUsdPerHour: hour('on_demand_usd_per_hour', {
    word: 'on demand',
    settable: 'onDemand',
    purchase: 'on-demand',
    months: 0,
    inWords: '',
  }),
  spotUsdPerHour: hour('spot_usd_per_hour', {
    word: 'spot',
    settable: 'spot',
    purchase: 'spot',
    months: 0,
    inWords: 'at spot prices',
  }),
  reserved1yUsdPerHour: hour('reserved_1y_usd_per_hour', {
    word: 'reserved 1 year',
    settable: 'reserved1y',
    purchase: 'reserved-1y',
    months: 12,
    inWords: 'reserved for a year',
  }),
  reserved3yUsdPerHour: hour('reserved_3y_usd_per_hour', {
    word: 'reserved 3 years',
    settable: 'reserved3y',
    purchase: 'reserved-3y',
    months: 36,
    inWords: 'reserved for three years',
  }),
  tenancy: need(oneOf('cloud', 'marketplace')),
  /** Group sizes a per-GPU row is sold in; empty: the instance as it is. */
  soldIn: many(some),
});

const hosting = table(['provider', 'product'], {
  asOf: need(date),
  provider: need(text),
  product: need(text),
  kind: need(oneOf('provisioned-throughput', 'dedicated-endpoint', 'serverless-gpu')),
  unit: need(oneOf('gpu-hour', 'gpu-second', 'model-unit-hour', 'ptu-hour')),
  accelerator: maybe(text),
  gpuCount: maybe(some),
  usdPerUnit: price(maybe(usd), { price: 'unit', word: 'price', usual: true }),
  minUnits: maybe(some),
  minCommitHours: maybe(number(0)),
  scaleToZero: maybe(yesNo),
  coldStartLowS: maybe('cold_start_s_low', number(0)),
  coldStartHighS: maybe('cold_start_s_high', number(0)),
  billingGranularityS: maybe(number(0)),
});

export const snapshotSchemas = inFiles({ api, rental, hosting });

type PriceTable = keyof typeof snapshotSchemas;
type Columns<Table extends PriceTable> = (typeof snapshotSchemas)[Table]['columns'];

/** Fields of a row that hold what it costs. */
type PriceField<Table extends PriceTable> = {
  [Field in keyof Columns<Table>]: Columns<Table>[Field] extends PriceFacts ? Field : never;
}[keyof Columns<Table>] &
  string;

type FactIn<Table extends PriceTable, Fact extends keyof PriceFacts> = {
  [Field in PriceField<Table>]: Columns<Table>[Field] extends Record<Fact, infer Value extends string> ? Value : never;
}[PriceField<Table>];

/** What prices of a table are called in a price book. */
export type Settable<Table extends PriceTable> = FactIn<Table, 'settable'>;

/** How a rented machine is bought. */
export type RentalPurchase = FactIn<'rental', 'purchase'>;

/** A column of prices; `required`: every row has it. */
type PriceColumn<Table extends PriceTable> = Omit<PriceFacts, 'settable' | 'purchase'> & {
  field: PriceField<Table>;
  header: string;
  required: boolean;
  together?: string;
  settable?: Settable<Table>;
  purchase?: RentalPurchase;
};

const columnsOf = <Table extends PriceTable>(table: Table): PriceColumn<Table>[] =>
  Object.entries(snapshotSchemas[table].columns).flatMap(([field, column]) =>
    'price' in column ? [{ ...column, field, required: !('ifEmpty' in column) } as unknown as PriceColumn<Table>] : [],
  );

/** Every price of the snapshot's tables, in file order. */
export const priceColumns = {
  api: columnsOf('api'),
  rental: columnsOf('rental'),
  hosting: columnsOf('hosting'),
};

/** Forms of renting a machine, with their terms. */
export const rentalForms = priceColumns.rental.flatMap(({ field, purchase, months = 0, word, inWords = '' }) =>
  purchase === undefined ? [] : [{ field, purchase, months, word, inWords }],
);

/** Prices that a book can set, with the name that each has there. */
export const settablePrices = <Table extends PriceTable>(table: Table) =>
  (priceColumns[table] as PriceColumn<Table>[]).flatMap((column) =>
    column.settable === undefined ? [] : [{ ...column, settable: column.settable as Settable<Table> }],
  );

/** Every table as data. */
export const schemas = {
  ...snapshotSchemas,
  ...catalogSchemas,
};
export type TableName = keyof typeof schemas;

/** Rows are looked up by these names: of a table, by the text in a column. */
export const indexes = {
  modelOf: ['models', 'family'],
  acceleratorOf: ['accelerators', 'accelerator'],
  capabilityOf: ['capability', 'family'],
  providerOf: ['providers', 'provider'],
  serviceOf: ['services', 'provider'],
  taskOf: ['tasks', 'task'],
  regionOf: ['regions', 'region'],
  profileOf: ['profiles', 'profile'],
  claimOf: ['claims', 'token'],
  imageTokensOf: ['imageTokens', 'family'],
  audioTokensOf: ['audioTokens', 'family'],
} as const satisfies Record<string, [TableName, string]>;

/** Tables that have a date of their own, one folder per snapshot. */
export const snapshotTables = ['api', 'rental', 'hosting'] as const satisfies readonly TableName[];
export type SnapshotTable = (typeof snapshotTables)[number];
export type CatalogTable = Exclude<TableName, SnapshotTable>;

/** Sorted, as hashes depend on the order. */
export const tableNames = (Object.keys(schemas) as TableName[]).sort();
/** Tables that hold for every snapshot. */
export const catalogTables = tableNames.filter(
  (table): table is CatalogTable => !(snapshotTables as readonly TableName[]).includes(table),
);

export type { Confidence, Kind } from './column.js';

/** A date as `YYYY-MM-DD`, or a month as `YYYY-MM`. Plain text compares in order. */
export type DateText = string;

/** Fields of some rows that are not in their files. */
type Beside = {
  api: Next & {
    /** How prices stated once rise in the tier, where the user's rate replaced the first ones. */
    tierRatios?: { input: number; output: number };
    /** Of a tuned model at prices of its own: its row of tuning.csv. */
    tunedRow?: number;
    /** Rows of service-tiers.csv that prices of tiers are from. */
    tierRows?: Partial<Record<PricedTier, number>>;
    /** The tier of the first prices; `over`: unpublished, at this multiple of standard prices. */
    billedAs?: { tier: PricedTier; over?: number };
  };
  rental: {
    /** The on-demand price of another row for hours without spot machines, and that row; absent: its own. */
    standInUsdPerHour?: number | null;
    standInRow?: number;
  };
  accelerators: {
    /** The user has a price of it, so it is on sale whatever the tables say. */
    offered?: true;
  };
} & Record<ParameterTable, { table: ParameterTable }>;

/** Next values of other prices, if known, after a user's rate; absent: as the first two. */
type Next = { [Field in PriceField<'api'> as `next${Capitalize<Field>}`]?: number | null };

/** A row of a table; `null` always means unknown. */
export type Row<Table extends TableName> = RowOf<(typeof schemas)[Table]> &
  (Table extends keyof Beside ? Beside[Table] : unknown);

export type ApiRow = Row<'api'>;
export type RentalRow = Row<'rental'>;
export type HostingRow = Row<'hosting'>;
export type ModelRow = Row<'models'>;
export type AcceleratorRow = Row<'accelerators'>;
export type CapabilityRow = Row<'capability'>;
export type QuantizationRow = Row<'quantization'>;
export type ProviderRow = Row<'providers'>;
/** A named number with its range. Users change it under `assumptions:`. */
export type ParameterRow = Row<'owning'>;
export type TaskRow = Row<'tasks'>;
export type RegimeRow = Row<'regimes'>;
export type ImageTokenRow = Row<'imageTokens'>;
export type TuningRow = Row<'tuning'>;
export type ProvisionedThroughputRow = Row<'provisionedThroughput'>;
export type ProvisionedOfferRow = Row<'provisionedOffers'>;
export type ServiceTierRow = Row<'serviceTiers'>;
export type FeeRow = Row<'fees'>;
export type ProfileRow = Row<'profiles'>;
export type NameRow = Row<'names'>;
export type ArchitectureRow = Row<'architectures'>;
export type GuideRow = Row<'guides'>;
export type LeverRow = Row<'levers'>;
export type PlaybookRow = Row<'playbook'>;
export type EngineRow = Row<'engines'>;
export type EfficiencyRow = Row<'efficiency'>;
export type BandRow = Row<'bands'>;
export type ResidualRow = Row<'residuals'>;
