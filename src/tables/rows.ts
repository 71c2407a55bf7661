import type { ParameterTable, PricedTier } from './catalog-columns.js';
import type { RowOf } from './column.js';
import type { schemas } from './columns.js';
import type { PriceField } from './price-columns.js';

/** The rows of the tables: one type per file under `pricing/`; `null` always means unknown. */
export type { Confidence, Kind } from './kinds.js';

/** A date as `YYYY-MM-DD`, or a month as `YYYY-MM`. Plain text compares in order. */
export type DateText = string;

type RowIn<Table extends keyof typeof schemas> = RowOf<(typeof schemas)[Table]>;

/** What follows the other prices, where that is known: after a rate of the user's own; absent: they move as the first two do. */
type Next = { [Field in PriceField<'api'> as `next${Capitalize<Field>}`]?: number | null };

/** pricing/<snapshot>/api.csv: what a model costs at a provider. USD per 1e6 tokens. */
export type ApiRow = RowIn<'api'> &
  Next & {
    /** How prices that are stated once rise in the tier, where a rate of the user's own took the place of the first ones. */
    tierRatios?: { input: number; output: number };
    /** Of a tuned model at prices of its own: its row of tuning.csv. */
    tunedRow?: number;
    /** Rows of service-tiers.csv that prices of tiers are from. */
    tierRows?: Partial<Record<PricedTier, number>>;
    /** The tier whose prices the first ones are; `over`: nobody published it, and they are so many times the standard ones. */
    billedAs?: { tier: PricedTier; over?: number };
  };

/** pricing/<snapshot>/rental.csv: a rentable instance, USD per instance-hour. */
export type RentalRow = RowIn<'rental'> & {
  /** The price on demand that stands in for spot where it is another row's, and that row; absent: its own. */
  standInUsdPerHour?: number | null;
  standInRow?: number;
};

/** pricing/<snapshot>/hosting.csv: a dedicated endpoint, a provisioned unit or a serverless GPU. */
export type HostingRow = RowIn<'hosting'>;

/** pricing/catalog/models.csv: an open-weights model's architecture and license. */
export type ModelRow = RowIn<'models'>;

/** pricing/catalog/accelerators.csv: a GPU, SoC, phone class or CPU server. Dense peak rates. */
export type AcceleratorRow = RowIn<'accelerators'> & {
  /** The user knows a price of it, so that it can be bought whatever the tables say of its sale. */
  offered?: true;
};

/** pricing/catalog/capability.csv: one model's capability on a 0-100 scale, by mode, with an 80 % band. */
export type CapabilityRow = RowIn<'capability'>;

/** pricing/catalog/quantization.csv: a scheme's real bits per weight and its loss, by size band of the model. */
export type QuantizationRow = RowIn<'quantization'>;

/** pricing/catalog/providers.csv. Tokens: `x` has, `x?` conditional, `no:x` known not to; absent = unknown. */
export type ProviderRow = RowIn<'providers'>;

/** pricing/catalog/services.csv: speed, availability and retention of a provider's API. */
export type ServiceRow = RowIn<'services'>;

/** pricing/catalog/{owning,latency,assumptions}.csv: one named number with its range. Users change it under `assumptions:`. */
export type ParameterRow = RowIn<'owning'> & { table: ParameterTable };

/** pricing/catalog/tasks.csv: a task preset. */
export type TaskRow = RowIn<'tasks'>;

/** pricing/catalog/regimes.csv: what a regime asks (MODEL: docs/model.md, compliance). */
export type RegimeRow = RowIn<'regimes'>;

/** pricing/catalog/regions.csv: the residency tokens of a rental region; none: the provider's regions apply. */
export type RegionRow = RowIn<'regions'>;

/** pricing/catalog/processing.csv: which models a provider processes in a region, where it does not process all of them there. */
export type ProcessingRow = RowIn<'processing'>;

/** pricing/catalog/audio-tokens.csv: what a second of audio is in tokens, and what such a token costs, by model. */
export type AudioTokenRow = RowIn<'audioTokens'>;

/** pricing/catalog/image-tokens.csv: what an image is in tokens, by model. */
export type ImageTokenRow = RowIn<'imageTokens'>;

/** pricing/catalog/tuning.csv: what providers ask for tuned models. */
export type TuningRow = RowIn<'tuning'>;

/** pricing/catalog/cold-starts.csv: seconds until a service is ready that had scaled to zero, or gigabytes a second it loads. */
export type ColdStartRow = RowIn<'coldStarts'>;

/** pricing/catalog/provisioned-throughput.csv: tokens a minute of a provisioned unit, by model. */
export type ProvisionedThroughputRow = RowIn<'provisionedThroughput'>;

/** pricing/catalog/provisioned-offers.csv: scopes and terms in which such units are sold. */
export type ProvisionedOfferRow = RowIn<'provisionedOffers'>;

/** pricing/catalog/service-tiers.csv: what a closed API costs in a service tier, where the price list does not say. */
export type ServiceTierRow = RowIn<'serviceTiers'>;

/** pricing/catalog/fees.csv: what providers charge for calls of tools. */
export type FeeRow = RowIn<'fees'>;

/** pricing/catalog/profiles.csv: 168 hourly multipliers with mean 1, hour 0 = Monday 00:00. */
export type ProfileRow = RowIn<'profiles'>;

/** pricing/catalog/architectures.csv: order of a maker's architectures, for `+` in `runsOn`. */
export type ArchitectureRow = RowIn<'architectures'>;

/** pricing/catalog/implied-tokens.csv: holding `token` follows from holding any of `impliedBy`. */
export type ImpliedTokenRow = RowIn<'impliedTokens'>;

/** pricing/catalog/names.csv: what a model, a provider or an accelerator is called in prose. */
export type NameRow = RowIn<'names'>;

/**
 * pricing/catalog/claims.csv: what a token of the compliance tables is called, and what to do where it depends on a plan or
 * a contract (`{provider}` is filled in; null: as its kind has it).
 */
export type ClaimRow = RowIn<'claims'>;

/** pricing/catalog/tiers.csv: capability tier by index, `fromIndex` inclusive. */
export type TierRow = RowIn<'tiers'>;

/** pricing/catalog/guides.csv: a rule of a published rule-of-thumb framework. Facts it may ask for: `guide-facts.ts`. */
export type GuideRow = RowIn<'guides'>;

/** pricing/catalog/levers.csv: a way to lower a bill or a wait, and what it costs elsewhere. */
export type LeverRow = RowIn<'levers'>;

/** pricing/catalog/playbook.csv: what to do first. What its texts may speak of: `row-facts.ts`. */
export type PlaybookRow = RowIn<'playbook'>;

/** pricing/catalog/engines.csv: how a serving engine is set up unless told otherwise. */
export type EngineRow = RowIn<'engines'>;

/** pricing/catalog/checkpoints.csv: where weights of a model in a scheme are published. */
export type CheckpointRow = RowIn<'checkpoints'>;

/** pricing/catalog/deploy-names.csv: what tools that deploy or route call what is in our tables: providers, cards, flags, images. */
export type DeployNameRow = RowIn<'deployNames'>;

/**
 * pricing/catalog/efficiency.csv: a calibrated factor, or its deviation for an engine group, a serving class or a kind of
 * link (null: any). A factor is the product of all rows that match. Written by the calibration.
 */
export type EfficiencyRow = RowIn<'efficiency'>;

/**
 * pricing/catalog/bands.csv: how far predictions are off. A metric's 80 % band of measured over predicted on what the fit
 * had not seen, or (`doubt`) the factor by which a doubt widens the logarithm of any band. Written by the calibration.
 */
export type BandRow = RowIn<'bands'>;

/**
 * pricing/catalog/residuals.csv: how far what a publisher measured of decode is from the prediction, by setting and batch.
 * Written by the calibration.
 */
export type ResidualRow = RowIn<'residuals'>;
