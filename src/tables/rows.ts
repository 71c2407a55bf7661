import type { ParameterTable, PricedTier } from './catalog-columns.js';
import type { RowOf } from './column.js';
import type { PriceField, schemas, TableName } from './columns.js';

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
